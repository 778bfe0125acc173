/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "base/cli.h"
#include "base/die.h"
#include "store/database.h"
#include "store/statement.h"

static struct store *stores;

/* --- transactions ---------------------------------------------------------- */

static bool
begin(struct store *s, struct fault *f)
{
	statement_let_go_all(s);
	if (s->begun)
		return statement_intact(s, f);
	if (!statement_act(s, f, "BEGIN IMMEDIATE"))
		return false;
	s->begun = true;
	if (s->watch != NULL && !s->watch->begun(s->watch->state, f)) {
		s->lost = *f;
		return false;
	}
	s->changes = sqlite3_total_changes64(s->db);
	return true;
}

/* The watch has the last word on what is to be kept. */
static bool
ending(struct store *s, struct fault *f)
{
	return s->watch == NULL || sqlite3_total_changes64(s->db) == s->changes ||
	    s->watch->ending(s->watch->state, f);
}

static bool
commit(struct store *s, struct fault *f)
{
	statement_let_go_all(s);
	if (!statement_intact(s, f))
		return false;
	if ((s->begun || s->viewing) && !((s->viewing || ending(s, f)) && statement_act(s, f, "COMMIT"))) {
		s->lost = *f;
		return false;
	}
	s->begun = s->in_item = s->viewing = false;
	return true;
}

void
store_watch(struct store *s, const struct store_watch *w)
{
	s->watch = w;
}

void
store_begin(struct store *s)
{
	struct fault f;

	if (!begin(s, &f))
		die_fault(&f);
}

void
store_view(struct store *s)
{
	struct fault f;

	if (s->begun || s->viewing)
		return;
	if (!statement_act(s, &f, "BEGIN"))
		die_fault(&f);
	s->viewing = true;
}

void
store_commit(struct store *s)
{
	struct fault f;

	if (!commit(s, &f))
		die_fault(&f);
}

/* --- items ----------------------------------------------------------------- */

static bool
before_item(void *state, struct fault *f)
{
	struct store *s = state;

	if (!begin(s, f) || (s->in_item && !statement_act(s, f, "RELEASE item")))
		return false;
	s->in_item = statement_act(s, f, "SAVEPOINT item");
	return s->in_item;
}

bool
store_take_back(struct store *s, struct fault *f)
{
	statement_let_go_all(s);
	if (statement_act(s, f, "ROLLBACK TO item"))
		return true;
	s->lost = *f;	/* half an item must not be committed with the others */
	return false;
}

static bool
undo_item(void *state, struct fault *f)
{
	struct store *s = state;

	if (!store_take_back(s, f))
		return false;
	s->in_item = !statement_act(s, f, "RELEASE item");
	if (s->in_item)
		s->lost = *f;
	return !s->in_item;
}

static bool
before_leaving(void *state, struct fault *f)
{
	return commit(state, f);
}

/* --- opening --------------------------------------------------------------- */

static void
close_all(void)
{
	for (; stores != NULL; stores = stores->next)
		database_close(stores->db);
}

struct store *
store_open(const char *option, const char *path, const char *kind, const char *const *schema,
    size_t versions, bool create)
{
	struct database d = { .option = option, .path = path, .kind = kind, .schema = schema,
	    .versions = versions, .create = create };
	struct store *s;

	cli_require(path, option);
	if (strncmp(path, "postgresql:", strlen("postgresql:")) == 0)
		die_request("%s: PostgreSQL is not built in", option);
	if ((s = calloc(1, sizeof *s)) == NULL)
		die_errno("%s: cannot open '%s'", option, path);
	s->db = database_open(&d);
	s->kind = kind;
	s->guard = (struct stream_guard){ before_item, undo_item, before_leaving, s };
	if (stores == NULL)
		atexit(close_all);
	s->next = stores;
	stores = s;
	return s;
}

const struct stream_guard *
store_guard(struct store *s)
{
	return &s->guard;
}
