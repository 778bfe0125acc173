/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h - durable state: with its neighbours here, the only door to SQLite.
 *
 * One connection, one transaction at a time: BEGIN IMMEDIATE when the first
 * item is handled, COMMIT before output leaves, a savepoint around each item.
 * So an answer never leaves before the state it rests on is on the disk, a
 * batch pays for one commit per 64 KiB of output, and a failed item leaves
 * no trace.  Full synchronisation; write-ahead log; 30 s patience with other
 * writers.
 *
 * What is lost stays lost: when SQLite had to take back changes that were
 * already answered (full disk, broken disk, failed commit), every further call
 * answers that fault, and nothing leaves.
 *
 * For one thread, and not across fork().
 */
#ifndef STORE_H
#define STORE_H

#include "base/bytes.h"
#include "base/fault.h"
#include "wire/stream.h"

struct store;			/* lives as long as the process; closed at exit */
struct sqlite3_stmt;

/*
 * Opens path (made with mode 0600) and brings its schema up to date: schema[i] is the SQL that
 * leads from version i to i + 1.  The file keeps the first four letters of kind ("ledger",
 * "tre"), so that one is never opened as the other.  create: an absent or empty file is made;
 * else it is a fault of the world.  option ("--ledger") is what messages call it.
 * kind and schema must stay.  Dies: 3; 2 without a path (the option was not given) and for a
 * postgresql: URL, which is not built in.
 */
struct store *store_open(const char *option, const char *path, const char *kind,
    const char *const *schema, size_t versions, bool create);

const struct stream_guard *store_guard(struct store *s);	/* for stream_run() */

/* Within a step: the item has changed nothing so far. */
bool store_take_back(struct store *s, struct fault *f);

/*
 * What a role does in every transaction: after it has begun, before anything else is read; and,
 * when something changed, before it is committed.  Where either answers false nothing is read, kept
 * or answered any more.  A store that is watched is not read outside a transaction: that dies.
 */
struct store_watch {
	bool (*begun)(void *state, struct fault *f);
	bool (*ending)(void *state, struct fault *f);	/* lets go of all rows it read */
	void *state;
};
void store_watch(struct store *s, const struct store_watch *w);	/* w must stay */

/* For tools that are no stream: one transaction around what lies between.  Both die: 3. */
void store_begin(struct store *s);
void store_commit(struct store *s);

/*
 * For what only reads: one view of the data for several questions, until store_commit(), and the locks taken
 * once.  Others may write meanwhile.  Dies: 3.
 */
void store_view(struct store *s);

/* A parameter.  What it points to must stay until the call returns; a row's, until row_done(). */
struct value {
	enum { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BYTES } kind;
	int64_t i;
	struct bytes s;
};
#define V_INT(n) ((struct value){ VALUE_INT, (int64_t)(n), { 0 } })	/* up to INT64_MAX */
#define V_TEXT(t) ((struct value){ (t).p ? VALUE_TEXT : VALUE_NULL, 0, { (t).p, (t).n } })
#define V_BYTES(b) ((struct value){ (b).p ? VALUE_BYTES : VALUE_NULL, 0, { (b).p, (b).n } })

#define STORE_VALUES(...) (struct value[]){ __VA_ARGS__ }, \
	sizeof((struct value[]){ __VA_ARGS__ }) / sizeof(struct value)

/*
 * Runs a statement, prepared once per literal (the text is a literal so that nobody glues one
 * together), with as many values as it has parameters.  *changed (may be NULL): rows changed.
 * All faults are of the world, a violated constraint among them: what may collide says
 * ON CONFLICT DO NOTHING and looks at *changed.  A change outside a transaction dies, and so do
 * too few or too many values: bugs of the caller.
 *	if (!store_run(s, f, &changed, "UPDATE ...", V_TEXT(id), V_INT(n)))
 *		return false;
 */
#define store_run(s, f, changed, sql, ...) \
	store_run_(s, f, changed, "" sql, STORE_VALUES(__VA_ARGS__))

/*
 * The first row of a query or of RETURNING; row->found tells whether there is one.  Its columns
 * are views, good until row_done(), the next use of the statement, or the end of the item.
 *	if (!store_row(s, f, &row, "SELECT ...", V_TEXT(id)))
 *		return false;
 *	while (row.found) {
 *		... row_int(&row, 0) ...
 *		if (!store_next(s, f, &row))
 *			return false;
 *	}
 */
#define store_row(s, f, row, sql, ...) \
	store_row_(s, f, row, "" sql, STORE_VALUES(__VA_ARGS__))

struct row {
	struct store *store;
	struct sqlite3_stmt *statement;	/* NULL: done */
	bool found;
};

bool store_run_(struct store *s, struct fault *f, uint64_t *changed, const char *sql,
    const struct value *values, size_t n);
bool store_row_(struct store *s, struct fault *f, struct row *row, const char *sql,
    const struct value *values, size_t n);
bool store_next(struct store *s, struct fault *f, struct row *row);	/* the following row */
void row_done(struct row *row);		/* no more rows wanted; needless once found is false */
/* Appends the first column of a row that was found, and wants no more; answers whether it was. */
bool row_take(struct row *row, struct buf *out);

/* Columns count from 0.  NULL is an absent text or bytes, and 0; empty is not absent. */
uint64_t row_int(const struct row *row, int column);
struct text row_text(const struct row *row, int column);
struct bytes row_bytes(const struct row *row, int column);

/*
 * Appends all columns as a CBOR array: integers (a negative one plus 2^64), text, bytes, and false
 * for NULL.  Rows that differ are encoded differently.
 */
void row_encode(const struct row *row, struct buf *out);

#endif
