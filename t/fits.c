/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fits TIMES FILE... - sets one member of each object in FILE to a value at an edge of its
 * range, TIMES over: what fits must encode to what decodes; what does not must say where, and
 * of one in a thousand it is tried that encoding it ends in the same words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "msg/schemas.h"
#include "wire/item.h"

enum { FILLER = 1024 * 1024 };

static uint8_t filler[FILLER];
static unsigned long fitting, others;
static struct buf made[8];	/* what is embedded, and lists, by depth */

/* A number, a length or a count: at an edge, or none, or any. */
static uint64_t
edge(const struct field *f)
{
	const uint64_t edges[] = { 0, f->min - 1, f->min, f->max, f->max + 1, (uint64_t)random() };

	return edges[(size_t)random() % COUNT(edges)];
}

static struct bytes
string(const struct field *f)
{
	static const char *const fill[] = { "0", "x", "ü", "\xff", "\xed\xa0\x80" };
	const char *unit = fill[(size_t)random() % COUNT(fill)];
	size_t n = edge(f), k = strlen(unit);

	if (n > FILLER)
		n = f->max;
	for (size_t i = 0; i < n; i++)
		filler[i] = (uint8_t)unit[i % k];
	return (struct bytes){ n == 0 && random() % 2 ? NULL : filler, n };
}

static void change_one(const struct record *r, void *obj, unsigned depth);

/* Inside what is embedded, or the one element of a list; only what fits can get there. */
static void
change_inside(const struct field *f, void *member, unsigned depth)
{
	_Alignas(16) uint8_t scratch[RECORD_SIZE_MAX] = { 0 };
	struct list *l = member;
	struct fault why;
	size_t at = 0;

	made[depth].n = 0;
	if (f->kind == KIND_LIST) {
		if (!list_next(f->element, *l, &at, scratch))
			return;
		if (f->element->kind == KIND_RECORD)
			change_one(f->element->sub, scratch, depth + 1);
		*l = (struct list){ 0 };
		if (field_fits(f->element, scratch, &why))
			list_add(f->element, l, &made[depth], scratch);
		return;
	}
	if (!record_decode(f->sub, scratch, *(struct bytes *)member, &why))
		die_world("what is embedded does not decode: %s", why.fact);
	change_one(f->sub, scratch, depth + 1);
	if (record_fits(f->sub, scratch, &why)) {
		record_encode(f->sub, scratch, &made[depth]);
		*(struct bytes *)member = buf_bytes(&made[depth]);
	}
}

static void
change_one(const struct record *r, void *obj, unsigned depth)
{
	const struct field *f;
	void *member;

	if (r->nfields == 0)
		return;
	f = &r->fields[(size_t)random() % r->nfields];
	member = (char *)obj + f->at;
	if (f->kind == KIND_RECORD)
		change_one(f->sub, member, depth);
	else if ((f->kind == KIND_EMBEDDED && ((struct bytes *)member)->p != NULL) || f->kind == KIND_LIST)
		change_inside(f, member, depth);
	else if (f->kind == KIND_BYTES || f->kind == KIND_TEXT)
		*(struct bytes *)member = string(f);
	else if (f->kind == KIND_BOOL)
		*(bool *)member = random() % 2;
	else if (f->kind == KIND_WORD || f->kind == KIND_CODE)
		*(uint64_t *)member = (uint64_t)random() % (f->choices->n + 2);
	else if (f->kind != KIND_EMBEDDED)
		*(uint64_t *)member = edge(f);
}

/* In a process of its own, which ends. */
static void
refused(const struct record *r, const void *obj, const struct fault *f)
{
	char want[sizeof f->where + sizeof f->fact + 32], says[sizeof want + 1];
	int n = snprintf(want, sizeof want, "%s: %s: %s\n", progname, f->where, f->fact), ends[2], status;
	size_t has = 0;
	pid_t child;

	if (pipe(ends) == -1 || (child = fork()) == -1)
		die_errno("cannot start a process");
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		record_encode(r, obj, &(struct buf){ 0 });
		_exit(STATUS_DONE);
	}
	close(ends[1]);
	for (ssize_t got; (got = read(ends[0], says + has, sizeof says - has)) > 0;)
		has += (size_t)got;
	close(ends[0]);
	if (waitpid(child, &status, 0) == -1 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != STATUS_REQUEST || has != (size_t)n || memcmp(says, want, has) != 0)
		die_world("encoding it ends with '%.*s', not %s", (int)has, says, want);
}

static void
try(const struct record *r, struct bytes golden)
{
	_Alignas(16) uint8_t obj[RECORD_SIZE_MAX], again[RECORD_SIZE_MAX];
	static struct buf out, twice;
	struct fault f;

	if (!record_decode(r, obj, golden, &f))
		die_fault(&f);
	change_one(r, obj, 0);
	if (!record_fits(r, obj, &f)) {
		if (others++ % 1000 == 0)
			refused(r, obj, &f);
		if (f.status != STATUS_REQUEST || strncmp(f.where, r->name, strlen(r->name)) != 0)
			die_world("%s: a fault that does not say where: %s: %s", r->name, f.where, f.fact);
		return;
	}
	fitting++;
	out.n = twice.n = 0;
	record_encode(r, obj, &out);
	if (!record_decode(r, again, buf_bytes(&out), &f))
		die_world("fits, but does not decode: %s: %s", f.where, f.fact);
	record_encode(r, again, &twice);
	if (!bytes_equal(buf_bytes(&out), buf_bytes(&twice)))
		die_world("%s: decodes to another", r->name);
}

int
main(int argc, char *argv[])
{
	static uint8_t bytes[64 * 1024];

	if (argc < 3)
		die_request("needs TIMES FILE...");
	for (int i = 2; i < argc; i++) {
		FILE *in = fopen(argv[i], "rb");
		struct bytes left;

		if (in == NULL)
			die_errno("cannot open '%s'", argv[i]);
		left = (struct bytes){ bytes, fread(bytes, 1, sizeof bytes, in) };
		fclose(in);
		while (left.n > 0) {
			struct wire_span span = { 0 };

			if (wire_span(&span, left) != NULL)
				die_request("'%s' holds no sequence", argv[i]);
			for (long n = atol(argv[1]); n > 0; n--)
				try(schema_find(item_type(left)), (struct bytes){ left.p, span.at });
			left = (struct bytes){ left.p + span.at, left.n - span.at };
		}
	}
	printf("%lu fit, %lu do not\n", fitting, others);
	return fflush(stdout) == 0 ? 0 : 3;
}
