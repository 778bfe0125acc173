/* SPDX-License-Identifier: Apache-2.0 */
/* The tables, printed as CDDL (RFC 8610). */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "wire/record.h"

__attribute__((format(printf, 2, 3))) static void
say(struct buf *out, const char *fmt, ...)
{
	char line[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	buf_add(out, text_bytes(text_of(line)));
}

static void
range(struct buf *out, uint64_t min, uint64_t max)
{
	if (min == max)
		say(out, "%" PRIu64, min);
	else
		say(out, "%" PRIu64 "..%" PRIu64, min, max);
}

static void
sized(struct buf *out, const char *type, const struct field *f)
{
	if (f->min == f->max)
		say(out, "%s .size %" PRIu64, type, f->min);
	else
		say(out, "%s .size (%" PRIu64 "..%" PRIu64 ")", type, f->min, f->max);
}

static void
value(struct buf *out, const struct field *f)
{
	switch (f->kind) {
	case KIND_UINT:
	case KIND_TIME: range(out, f->min, f->max); break;
	case KIND_INT: say(out, "%" PRId64 "..%" PRId64, (int64_t)f->min, (int64_t)f->max); break;
	case KIND_BOOL: say(out, f->min ? "true" : "bool"); break;
	case KIND_BYTES: sized(out, "bstr", f); break;
	case KIND_TEXT:
		if (f->flags & DIGITS)
			say(out, "tstr .regexp \"[0-9]{%" PRIu64 ",%" PRIu64 "}\"", f->min, f->max);
		else
			sized(out, "tstr", f);
		break;
	case KIND_RECORD: say(out, "%s", f->sub->name); break;
	case KIND_EMBEDDED: say(out, "bstr .cbor %s", f->sub->name); break;
	case KIND_WORD:
		for (size_t i = 0; i < f->choices->n; i++)
			say(out, "%s\"%s\"", i ? " / " : "", f->choices->words[i]);
		break;
	case KIND_CODE:
		for (size_t i = 0; i < f->choices->n; i++)
			say(out, "%s%" PRId64, i ? " / " : "", f->choices->codes[i]);
		break;
	case KIND_LIST:
		if (f->flags & BARE_ONE) {
			value(out, f->element);
			say(out, " / [2*%" PRIu64 " ", f->max);
		} else
			say(out, "[%" PRIu64 "*%" PRIu64 " ", f->min, f->max);
		value(out, f->element);
		say(out, "]");
		break;
	}
}

/* A choice by number says what the numbers mean. */
static void
note(struct buf *out, const struct field *f)
{
	say(out, ",  ; %s", f->name);
	if (f->kind == KIND_CODE)
		for (size_t i = 0; i < f->choices->n; i++)
			say(out, "%s %s", i ? "," : ":", f->choices->words[i]);
	if (f->kind == KIND_TIME)
		say(out, ", seconds since 1970");
	if (f->flags & SECRET)
		say(out, " (secret)");
	say(out, "\n");
}

void
record_cddl(const struct record *r, struct buf *out)
{
	say(out, "%s = ", r->name);
	if (r->tag != 0)
		say(out, "#6.%" PRIu64 "(", r->tag);
	say(out, r->array ? "[\n" : "{\n");
	if (r->type != NULL && !r->array)
		say(out, "  0 => \"%s\",  ; type\n", r->type);
	for (const struct field *f = r->fields; f < r->fields + r->nfields; f++) {
		say(out, "  %s", f->flags & OPTIONAL ? "? " : "");
		if (f->flags & TEXT_KEY)
			say(out, "\"%s\" => ", f->name);
		else if (!r->array)
			say(out, "%" PRId64 " => ", f->key);
		value(out, f);
		note(out, f);
	}
	say(out, r->array ? "]" : "}");
	say(out, r->tag ? ")\n" : "\n");
}
