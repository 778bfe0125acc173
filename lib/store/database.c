/* SPDX-License-Identifier: Apache-2.0 */
#include "store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"

enum { PATIENCE_MS = 30 * 1000, PAUSE_MS = 2 };

/* --- memory ---------------------------------------------------------------- */

static sqlite3_mem_methods plain;

static void
wiping_free(void *p)
{
	explicit_bzero(p, (size_t)plain.xSize(p));
	plain.xFree(p);
}

static void *
wiping_realloc(void *p, int n)
{
	int had = plain.xSize(p);
	void *moved = plain.xMalloc(n);

	if (moved == NULL)
		return NULL;
	memcpy(moved, p, (size_t)(had < n ? had : n));
	wiping_free(p);
	return moved;
}

/* Pages and statements hold what rows hold, secrets too: wiped when SQLite lets go of them. */
static void
wipe_memory(void)
{
	sqlite3_mem_methods wiping;

	if (plain.xFree != NULL)
		return;
	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain) != SQLITE_OK)
		return;		/* a PKCS#11 module was here first, with a store of its own */
	wiping = plain;
	wiping.xFree = wiping_free;
	wiping.xRealloc = wiping_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &wiping);
}

/* --- trouble --------------------------------------------------------------- */

const char *
database_reason(sqlite3 *db, char out[static REASON_MAX])
{
	int code = sqlite3_errcode(db) & 0xff, system = sqlite3_system_errno(db);
	bool both = (code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && system != 0;

	snprintf(out, REASON_MAX, "%s%s%s", sqlite3_errmsg(db), both ? ": " : "",
	    both ? strerror(system) : "");
	return out;
}

/* Closes first: of a file that is not ours to change, no -wal stays behind. */
__attribute__((format(printf, 2, 3))) static _Noreturn void
die_of(const struct database *d, const char *fmt, ...)
{
	char fact[REASON_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(fact, sizeof fact, fmt, ap);
	va_end(ap);
	database_close(d->db);
	die_world("%s: '%s': %s", d->option, d->path, fact);
}

static _Noreturn void
die_of_database(const struct database *d)
{
	char reason[REASON_MAX];

	die_of(d, "%s", database_reason(d->db, reason));
}

static void
pause_ms(int ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

/*
 * SQLite's own handler sleeps up to 100 ms: against a batch that lets go of the lock for some
 * microseconds in every commit it would hardly ever find it free.
 */
static int
wait_turn(void *unused, int before)
{
	(void)unused;
	if (before >= PATIENCE_MS / PAUSE_MS)
		return 0;
	pause_ms(PAUSE_MS);
	return 1;
}

/* --- opening --------------------------------------------------------------- */

/* SQLite would make the file readable to all; -wal and -shm take their mode from it. */
static void
make_file(const struct database *d)
{
	int fd = open(d->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd == -1 && errno == EEXIST)
		return;
	if (fd == -1 || fchmod(fd, 0600) == -1)
		die_errno("%s: cannot create '%s'", d->option, d->path);
	close(fd);
}

/* By its full path, which SQLite cannot take for a URI or ":memory:". */
static void
connect_file(struct database *d)
{
	char *path = realpath(d->path, NULL);
	struct stat st;

	if (path == NULL || stat(path, &st) == -1 || access(path, R_OK | W_OK) == -1)
		die_errno("%s: cannot open '%s'", d->option, d->path);
	if (!S_ISREG(st.st_mode))
		die_world("%s: '%s': needs a regular file", d->option, d->path);
	if (sqlite3_open_v2(path, &d->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		die_of_database(d);
	free(path);
}

static void
run(const struct database *d, const char *sql)
{
	if (sqlite3_exec(d->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die_of_database(d);
}

static void
configure(const struct database *d)
{
	sqlite3_busy_handler(d->db, wait_turn, NULL);
	sqlite3_db_config(d->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(d->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	run(d, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
	    "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;"
	    /* A batch by random keys writes each page back less often: 32 MiB of log, 8 MB of pages. */
	    "PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -8000");
}

/* --- kind and version ------------------------------------------------------ */

/* The application id is the kind's first four letters. */
static int32_t
id_of(const char *kind)
{
	uint32_t id = 0;

	for (int i = 0; i < 4; i++)
		id = id << 8 | (*kind != '\0' ? (uint8_t)*kind++ : 0);
	return (int32_t)id;
}

static int32_t
number(const struct database *d, const char *sql)
{
	sqlite3_stmt *stmt;
	int32_t n;

	if (sqlite3_prepare_v2(d->db, sql, -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_ROW)
		die_of_database(d);
	n = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

/* The version found; 0: still to be made, as after a crash between the file and its schema. */
static size_t
inspect(const struct database *d)
{
	int32_t version = number(d, "PRAGMA user_version");
	int32_t id = number(d, "PRAGMA application_id");

	if (id == 0 && version == 0 && number(d, "SELECT count(*) FROM sqlite_schema") == 0) {
		if (!d->create)
			die_of(d, "needs a %s, is empty", d->kind);
		return 0;
	}
	if (id != id_of(d->kind))
		die_of(d, "needs a %s, has another database", d->kind);
	if (version < 0 || (size_t)version > d->versions)
		die_of(d, "has version %d, this m2mkit knows %zu", version, d->versions);
	return (size_t)version;
}

/* --- bringing up to date --------------------------------------------------- */

/* SQLite answers "busy" at once, without its handler, to two that switch the same new file. */
static void
use_log(const struct database *d)
{
	static const char sql[] = "PRAGMA journal_mode = WAL";
	sqlite3_stmt *stmt;
	int rc, tries = 0;

	do {
		if (tries > 0)
			pause_ms(PAUSE_MS);
		if (sqlite3_prepare_v2(d->db, sql, -1, &stmt, NULL) != SQLITE_OK)
			die_of_database(d);
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW &&
		    strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") != 0)
			die_of(d, "no write-ahead log is possible there");
		sqlite3_finalize(stmt);
	} while (rc == SQLITE_BUSY && ++tries < PATIENCE_MS / PAUSE_MS);
	if (rc != SQLITE_ROW)
		die_of_database(d);
}

static void
upgrade(const struct database *d, size_t version)
{
	char sql[100];

	while (version < d->versions)
		run(d, d->schema[version++]);
	snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %zu",
	    id_of(d->kind), version);
	run(d, sql);
}

/* Looks before it locks, so that opening does not wait for a writer. */
sqlite3 *
database_open(struct database *d)
{
	size_t version;

	wipe_memory();
	if (d->create)
		make_file(d);
	connect_file(d);
	configure(d);
	run(d, "BEGIN");
	version = inspect(d);
	run(d, "COMMIT");
	use_log(d);
	if (version < d->versions) {
		run(d, "BEGIN IMMEDIATE");
		upgrade(d, inspect(d));
		run(d, "COMMIT");
	}
	return d->db;
}

void
database_close(sqlite3 *db)
{
	sqlite3_stmt *stmt;

	while ((stmt = sqlite3_next_stmt(db, NULL)) != NULL)
		sqlite3_finalize(stmt);
	sqlite3_close(db);
}
