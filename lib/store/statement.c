/* SPDX-License-Identifier: Apache-2.0 */
#include "store/statement.h"

#include <sqlite3.h>

#include "base/die.h"
#include "store/database.h"
#include "wire/wire.h"

/* --- trouble --------------------------------------------------------------- */

/* A full disk and the like may make SQLite take the whole transaction back of its own accord. */
static bool
trouble(struct store *s, struct fault *f)
{
	char reason[REASON_MAX];

	fault_world(f, NULL, "%s: %s", s->kind, database_reason(s->db, reason));
	if (s->begun && sqlite3_get_autocommit(s->db))
		s->lost = *f;
	return false;
}

bool
statement_intact(const struct store *s, struct fault *f)
{
	if (s->lost.status == STATUS_DONE)
		return true;
	*f = s->lost;
	return false;
}

/* --- one statement --------------------------------------------------------- */

static size_t
slot_of(const struct store *s, const char *sql)
{
	size_t at = (size_t)((uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15) >> 32);

	for (size_t i = 0; i < STATEMENTS; i++, at++)
		if (s->cache[at % STATEMENTS].sql == sql || s->cache[at % STATEMENTS].sql == NULL)
			return at % STATEMENTS;
	die_world("%s: more than %d statements", s->kind, STATEMENTS);
}

/* NULL when *f says why not. */
static sqlite3_stmt *
prepare(struct store *s, struct fault *f, const char *sql)
{
	size_t i = slot_of(s, sql);

	if (!statement_intact(s, f))
		return NULL;
	if (s->cache[i].sql == NULL && sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    &s->cache[i].stmt, NULL) != SQLITE_OK) {
		trouble(s, f);
		return NULL;
	}
	s->cache[i].sql = sql;
	return s->cache[i].stmt;
}

static void
rewind_statement(sqlite3_stmt *stmt)
{
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
}

/* To its end, which for RETURNING is past its rows. */
static bool
finish(struct store *s, struct fault *f, sqlite3_stmt *stmt)
{
	bool ok;
	int rc;

	do
		rc = sqlite3_step(stmt);
	while (rc == SQLITE_ROW);
	ok = rc == SQLITE_DONE || trouble(s, f);
	rewind_statement(stmt);
	return ok;
}

/* A change that fails after its rows were read has been answered already. */
static void
let_go(struct store *s, sqlite3_stmt *stmt)
{
	struct fault f;

	if (!sqlite3_stmt_busy(stmt))
		return;
	if (sqlite3_stmt_readonly(stmt))
		rewind_statement(stmt);
	else if (!finish(s, &f, stmt))
		s->lost = f;
}

void
statement_let_go_all(struct store *s)
{
	for (size_t i = 0; i < STATEMENTS; i++)
		if (s->cache[i].sql != NULL)
			let_go(s, s->cache[i].stmt);
}

bool
statement_act(struct store *s, struct fault *f, const char *sql)
{
	sqlite3_stmt *stmt = prepare(s, f, sql);

	return stmt != NULL && finish(s, f, stmt);
}

/* --- with values ----------------------------------------------------------- */

static int
bind(sqlite3_stmt *stmt, int at, const struct value *v)
{
	switch (v->kind) {
	case VALUE_INT:
		return sqlite3_bind_int64(stmt, at, v->i);
	case VALUE_TEXT:
		return sqlite3_bind_text64(stmt, at, (const char *)v->s.p, v->s.n, SQLITE_STATIC,
		    SQLITE_UTF8);
	case VALUE_BYTES:
		return sqlite3_bind_blob64(stmt, at, v->s.p, v->s.n, SQLITE_STATIC);
	case VALUE_NULL:
		break;
	}
	return sqlite3_bind_null(stmt, at);
}

static sqlite3_stmt *
ready(struct store *s, struct fault *f, const char *sql, const struct value *values, size_t n)
{
	sqlite3_stmt *stmt = prepare(s, f, sql);

	if (stmt == NULL)
		return NULL;
	let_go(s, stmt);
	if ((size_t)sqlite3_bind_parameter_count(stmt) != n)
		die_world("%s: not to be run with %zu values: %s", s->kind, n, sql);
	if (!s->begun && (s->watch != NULL || !sqlite3_stmt_readonly(stmt)))
		die_world("%s: not to be run outside a transaction: %s", s->kind, sql);
	for (size_t i = 0; i < n; i++)
		if (bind(stmt, (int)i + 1, &values[i]) != SQLITE_OK) {
			trouble(s, f);
			return NULL;
		}
	return stmt;
}

bool
store_run_(struct store *s, struct fault *f, uint64_t *changed, const char *sql,
    const struct value *values, size_t n)
{
	sqlite3_stmt *stmt = ready(s, f, sql, values, n);

	if (stmt == NULL || !finish(s, f, stmt))
		return false;
	if (changed != NULL)
		*changed = sqlite3_stmt_readonly(stmt) ? 0 : (uint64_t)sqlite3_changes64(s->db);
	return true;
}

/* --- rows ------------------------------------------------------------------ */

bool
store_row_(struct store *s, struct fault *f, struct row *row, const char *sql,
    const struct value *values, size_t n)
{
	*row = (struct row){ .store = s, .statement = ready(s, f, sql, values, n) };
	return row->statement != NULL && store_next(s, f, row);
}

bool
store_next(struct store *s, struct fault *f, struct row *row)
{
	int rc = sqlite3_step(row->statement);
	bool ok = rc == SQLITE_ROW || rc == SQLITE_DONE || trouble(s, f);

	row->found = rc == SQLITE_ROW;
	if (!row->found) {
		rewind_statement(row->statement);
		row->statement = NULL;
	}
	return ok;
}

void
row_done(struct row *row)
{
	if (row->statement != NULL)
		let_go(row->store, row->statement);
	row->statement = NULL;
}

bool
row_take(struct row *row, struct buf *out)
{
	if (row->found)
		buf_add(out, row_bytes(row, 0));
	row_done(row);
	return row->found;
}

uint64_t
row_int(const struct row *row, int column)
{
	return (uint64_t)sqlite3_column_int64(row->statement, column);
}

/* SQLite answers NULL for an empty blob too. */
static struct bytes
view(const struct row *row, int column, const void *p)
{
	size_t n = (size_t)sqlite3_column_bytes(row->statement, column);

	if (sqlite3_column_type(row->statement, column) == SQLITE_NULL)
		return (struct bytes){ 0 };
	return (struct bytes){ p != NULL ? p : "", n };
}

struct text
row_text(const struct row *row, int column)
{
	struct bytes s = view(row, column, sqlite3_column_text(row->statement, column));

	return (struct text){ s.p, s.n };
}

struct bytes
row_bytes(const struct row *row, int column)
{
	return view(row, column, sqlite3_column_blob(row->statement, column));
}

void
row_encode(const struct row *row, struct buf *out)
{
	int n = sqlite3_column_count(row->statement);

	wire_put_array(out, (uint64_t)n);
	for (int i = 0; i < n; i++)
		switch (sqlite3_column_type(row->statement, i)) {
		case SQLITE_INTEGER:
			wire_put_uint(out, row_int(row, i));
			break;
		case SQLITE_TEXT:
			wire_put_text(out, row_text(row, i));
			break;
		case SQLITE_BLOB:
			wire_put_bytes(out, row_bytes(row, i));
			break;
		default:	/* a real number, which no table of ours can hold, is not NULL either */
			wire_put_bool(out, sqlite3_column_type(row->statement, i) != SQLITE_NULL);
		}
}
