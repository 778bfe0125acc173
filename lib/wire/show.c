/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/show.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/plain.h"

enum { BRIEF_BYTES = 6 };

#define NAME_COLOUR "\033[36m"
#define TYPE_COLOUR "\033[1m"
#define SECRET_COLOUR "\033[33m"
#define PLAIN "\033[0m"

__attribute__((format(printf, 2, 3))) static void
say(const struct show *s, const char *fmt, ...)
{
	char part[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(part, sizeof part, fmt, ap);
	va_end(ap);
	buf_add(s->out, text_bytes(text_of(part)));
}

/* As it stands: most of what is shown needs no format. */
static void
put(const struct show *s, const char *word)
{
	buf_add(s->out, text_bytes(text_of(word)));
}

static void
coloured(const struct show *s, const char *colour, const char *word)
{
	put(s, s->colour ? colour : "");
	put(s, word);
	put(s, s->colour ? PLAIN : "");
}

void
show_text(struct buf *out, struct text t)
{
	out->n += plain_spell(t, buf_room(out, 4 * t.n));
}

static void
show_bytes(const struct show *s, const struct field *f, struct bytes b)
{
	size_t n = s->brief && b.n > BRIEF_BYTES + 2 ? BRIEF_BYTES : b.n;

	if (f->flags & CERTIFICATE && s->certificate != NULL && !s->brief) {
		s->certificate(b, s->out);
		return;
	}
	hex_add(s->out, (struct bytes){ b.p, n });
	if (n < b.n)
		put(s, "…");
}

static void show_brief(const struct show *s, const struct record *r, const void *obj);
static void show_long(const struct show *s, const struct record *r, const void *obj, int depth);

/* Opens what is embedded; it was checked when its container was decoded. */
static bool
opened(const struct field *f, const void *member, uint8_t scratch[static RECORD_SIZE_MAX])
{
	struct fault fault;

	return record_decode(f->sub, scratch, *(const struct bytes *)member, &fault);
}

static void
show_scalar(const struct show *s, const struct field *f, const void *member)
{
	char when[WHEN_LEN];

	if (f->flags & SECRET && !s->reveal) {
		coloured(s, SECRET_COLOUR, "…");
		return;
	}
	switch (f->kind) {
	case KIND_UINT: say(s, "%" PRIu64, *(const uint64_t *)member); break;
	case KIND_INT: say(s, "%" PRId64, *(const int64_t *)member); break;
	case KIND_BOOL: put(s, *(const bool *)member ? "true" : "false"); break;
	case KIND_TIME: put(s, when_spell(*(const uint64_t *)member, when)); break;
	case KIND_WORD:
	case KIND_CODE: put(s, f->choices->words[*(const uint64_t *)member - 1]); break;
	case KIND_BYTES: show_bytes(s, f, *(const struct bytes *)member); break;
	case KIND_TEXT: show_text(s->out, *(const struct text *)member); break;
	case KIND_RECORD:
	case KIND_EMBEDDED:
	case KIND_LIST: break;
	}
}

static bool
shown(const struct show *s, const struct field *f, const void *member)
{
	if (s->brief && f->flags & ENVELOPE)
		return false;
	return !(f->flags & OPTIONAL && field_absent(f, member));
}

/* --- in short ---------------------------------------------------------------- */

static void
brief_value(const struct show *s, const struct field *f, const void *member)
{
	_Alignas(16) uint8_t scratch[RECORD_SIZE_MAX];
	const struct list *l = member;
	size_t at = 0;

	switch (f->kind) {
	case KIND_RECORD:
		put(s, "{");
		show_brief(s, f->sub, member);
		put(s, "}");
		break;
	case KIND_EMBEDDED:
		if (!opened(f, member, scratch))
			break;
		put(s, "{");
		show_brief(s, f->sub, scratch);
		put(s, "}");
		break;
	case KIND_LIST:
		put(s, "[");
		for (size_t i = 0; list_next(f->element, *l, &at, scratch); i++) {
			put(s, i ? "," : "");
			brief_value(s, f->element, scratch);
		}
		put(s, "]");
		break;
	default:
		show_scalar(s, f, member);
	}
}

/* A COSE payload stands for the object. */
static void
show_brief(const struct show *s, const struct record *r, const void *obj)
{
	_Alignas(16) uint8_t scratch[RECORD_SIZE_MAX];
	bool first = true;

	for (const struct field *f = r->fields; f < r->fields + r->nfields; f++) {
		const void *member = (const char *)obj + f->at;

		if (!shown(s, f, member))
			continue;
		if (r->type != NULL && r->array && f->kind == KIND_EMBEDDED) {
			if (opened(f, member, scratch))
				show_brief(s, f->sub, scratch);
			continue;
		}
		put(s, first ? "" : " ");
		first = false;
		coloured(s, NAME_COLOUR, f->name);
		put(s, "=");
		brief_value(s, f, member);
	}
}

/* --- in full ------------------------------------------------------------------- */

static size_t
width(const struct show *s, const struct record *r, const void *obj)
{
	size_t widest = 0;

	for (const struct field *f = r->fields; f < r->fields + r->nfields; f++)
		if (shown(s, f, (const char *)obj + f->at) && strlen(f->name) > widest)
			widest = strlen(f->name);
	return widest;
}

static void
long_list(const struct show *s, const struct field *f, struct list l, int depth)
{
	_Alignas(16) uint8_t scratch[RECORD_SIZE_MAX];
	size_t at = 0;

	for (size_t i = 0; list_next(f->element, l, &at, scratch); i++) {
		if (f->element->kind == KIND_RECORD) {
			say(s, "\n%*s-\n", 2 * depth, "");
			show_long(s, f->element->sub, scratch, depth + 1);
			s->out->n--;	/* the line's end is the caller's */
			continue;
		}
		put(s, i ? ", " : "");
		show_scalar(s, f->element, scratch);
	}
}

static void
long_value(const struct show *s, const struct field *f, const void *member, int depth)
{
	_Alignas(16) uint8_t scratch[RECORD_SIZE_MAX];

	if (f->kind == KIND_RECORD || (f->kind == KIND_EMBEDDED && opened(f, member, scratch))) {
		put(s, "\n");
		show_long(s, f->sub, f->kind == KIND_RECORD ? member : scratch, depth + 1);
		return;
	}
	if (f->kind == KIND_LIST)
		long_list(s, f, *(const struct list *)member, depth + 1);
	else
		show_scalar(s, f, member);
	put(s, "\n");
}

static void
show_long(const struct show *s, const struct record *r, const void *obj, int depth)
{
	size_t widest = width(s, r, obj);

	for (const struct field *f = r->fields; f < r->fields + r->nfields; f++) {
		const void *member = (const char *)obj + f->at;
		bool nested = f->kind == KIND_RECORD || f->kind == KIND_EMBEDDED;

		if (!shown(s, f, member))
			continue;
		say(s, "%*s", 2 * depth, "");
		coloured(s, NAME_COLOUR, f->name);
		if (!nested)
			say(s, "%*s", (int)(widest - strlen(f->name)) + 2, "");
		long_value(s, f, member, depth);
	}
}

void
show_record(const struct show *s, const struct record *r, const void *obj)
{
	coloured(s, TYPE_COLOUR, r->type != NULL ? r->type : r->name);
	if (s->brief) {
		put(s, " ");
		show_brief(s, r, obj);
		put(s, "\n");
		return;
	}
	put(s, "\n");
	show_long(s, r, obj, 1);
}
