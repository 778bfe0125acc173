/* SPDX-License-Identifier: Apache-2.0 */
/* database.h - opens an SQLite file of one kind, safely, and brings its schema up to date */
#ifndef DATABASE_H
#define DATABASE_H

#include <stdbool.h>
#include <stddef.h>

struct sqlite3;

struct database {		/* what to open: see store_open() */
	const char *option, *path, *kind;
	const char *const *schema;
	size_t versions;
	bool create;
	struct sqlite3 *db;	/* once opened */
};

struct sqlite3 *database_open(struct database *d);	/* dies: 3 */

/* Finalizes all statements, too: then the file is whole without its -wal, and the memory wiped. */
void database_close(struct sqlite3 *db);

/* The last error: SQLite's words, and the system's where it had a part. Answers out. */
enum { REASON_MAX = 200 };
const char *database_reason(struct sqlite3 *db, char out[static REASON_MAX]);

#endif
