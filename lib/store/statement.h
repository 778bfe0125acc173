/* SPDX-License-Identifier: Apache-2.0 */
/* statement.h - the inside of a store: its connection and its prepared statements; for store.c */
#ifndef STATEMENT_H
#define STATEMENT_H

#include "store/store.h"

enum { STATEMENTS = 64 };	/* of one process: a tool has a dozen */

struct store {
	struct sqlite3 *db;
	const char *kind;
	struct stream_guard guard;
	bool begun, in_item;	/* a transaction is open; in it, a savepoint */
	bool viewing;		/* one that only reads is open */
	const struct store_watch *watch;	/* may be NULL */
	int64_t changes;	/* up to the beginning of the transaction */
	struct fault lost;	/* STATUS_WORLD: answered changes are gone, or the watch said no; and why */
	struct {
		const char *sql;	/* the literal itself is the key */
		struct sqlite3_stmt *stmt;
	} cache[STATEMENTS];
	struct store *next;
};

bool statement_intact(const struct store *s, struct fault *f);	/* false: *f is what was lost */

/* BEGIN and its like: no values, no rows, and no question whether a transaction is open. */
bool statement_act(struct store *s, struct fault *f, const char *sql);

/* Lets go of all rows: one still held would keep open a transaction, or an old view of the data. */
void statement_let_go_all(struct store *s);

#endif
