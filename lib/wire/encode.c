/* SPDX-License-Identifier: Apache-2.0 */
/* Records out: record_encode(), list_add(). */
#include "wire/rules.h"

#include "base/die.h"

static bool
record_absent(const struct record *rec, const void *obj)
{
	for (size_t i = 0; i < rec->nfields; i++)	/* absent when all of it is */
		if (!field_absent(&rec->fields[i], (const char *)obj + rec->fields[i].at))
			return false;
	return true;
}

static inline bool
is_string(const struct field *f)
{
	return f->kind == KIND_BYTES || f->kind == KIND_TEXT;
}

/* In place, strings first: it is asked of every field that may be left out. */
static inline bool
absent(const struct field *f, const void *member)
{
	if (is_string(f))	/* struct text has the layout of struct bytes */
		return ((const struct bytes *)member)->p == NULL;
	switch (f->kind) {
	case KIND_UINT:
	case KIND_TIME:
	case KIND_WORD:
	case KIND_CODE:
	case KIND_INT: return *(const uint64_t *)member == 0;
	case KIND_BOOL: return !*(const bool *)member;
	case KIND_BYTES:
	case KIND_EMBEDDED: return ((const struct bytes *)member)->p == NULL;
	case KIND_TEXT: return ((const struct text *)member)->p == NULL;
	case KIND_LIST: return ((const struct list *)member)->count == 0;
	case KIND_RECORD: return record_absent(f->sub, member);
	}
	return false;
}

bool
field_absent(const struct field *f, const void *member)
{
	return absent(f, member);
}

const struct record *
field_record(const struct field *f)
{
	return f->kind == KIND_LIST ? field_record(f->element) : f->sub;
}

/* Whether a field that is there is as its table wants it; strings in place. */
static inline bool
fits(const struct field *f, const void *member)
{
	const struct bytes *s = member;
	struct fault why;

	if (!is_string(f))
		return field_fits(f, member, &why);
	return s->n >= f->min && s->n <= f->max && (f->kind == KIND_BYTES ||
	    (f->flags & DIGITS ? text_is_digits((struct text){ s->p, s->n }) : wire_is_text(s->p, s->n)));
}

/* Which fields are there, a bit for each, and, of the outermost record, whether they all fit. */
static uint64_t
look_over(const struct record *rec, const void *obj, bool *all_fit)
{
	uint64_t there = 0;

	*all_fit = true;
	for (size_t i = 0; i < rec->nfields; i++) {
		const struct field *f = &rec->fields[i];
		const void *member = (const char *)obj + f->at;

		if (f->flags & OPTIONAL && absent(f, member))
			continue;
		there |= UINT64_C(1) << i;
		*all_fit &= fits(f, member);
	}
	return there;
}

static void encode_record(const struct record *, const void *obj, uint64_t there, struct buf *);

static void
encode_value(const struct field *f, const void *member, struct buf *out)
{
	const struct list *l = member;
	bool fit;

	switch (f->kind) {
	case KIND_UINT:
	case KIND_TIME: wire_put_uint(out, *(const uint64_t *)member); break;
	case KIND_INT: wire_put_int(out, *(const int64_t *)member); break;
	case KIND_BOOL: wire_put_bool(out, *(const bool *)member); break;
	case KIND_WORD:
		wire_put_text(out, text_of(f->choices->words[*(const uint64_t *)member - 1]));
		break;
	case KIND_CODE: wire_put_int(out, f->choices->codes[*(const uint64_t *)member - 1]); break;
	case KIND_BYTES:
	case KIND_EMBEDDED:
	case KIND_TEXT:
		wire_put_string(out, f->kind == KIND_TEXT ? WIRE_TEXT : WIRE_BYTES,
		    *(const struct bytes *)member);
		break;
	case KIND_RECORD: encode_record(f->sub, member, look_over(f->sub, member, &fit), out); break;
	case KIND_LIST:
		if (l->count != 1 || !(f->flags & BARE_ONE))
			wire_put_array(out, l->count);
		buf_add(out, l->raw);
		break;
	}
}

/*
 * Key and string in one go, at p, which is ahead of
 * what out says it holds; answers where they end.
 */
static inline uint8_t *
spell_string(struct buf *out, uint8_t *p, const struct field *f, struct bytes s, bool keyed)
{
	out->n = (size_t)(p - out->p);
	p = buf_room(out, 2 * WIRE_HEAD_MAX + s.n);
	if (keyed)
		p = f->key < 0 ? wire_spell(p, WIRE_NEGINT, (uint64_t)(-1 - f->key)) :
		    wire_spell(p, WIRE_UINT, (uint64_t)f->key);
	p = wire_spell(p, f->kind == KIND_TEXT ? WIRE_TEXT : WIRE_BYTES, s.n);
	bytes_copy(p, s);
	return p + s.n;
}

/* there: of look_over(): the head counts what the loop writes. */
static void
encode_record(const struct record *rec, const void *obj, uint64_t there, struct buf *out)
{
	bool typed = rec->type != NULL && !rec->array;
	size_t n = typed + (size_t)__builtin_popcountll(there);
	uint8_t *p;

	if (rec->tag != 0)
		wire_put_tag(out, rec->tag);
	if (rec->array)
		wire_put_array(out, n);
	else
		wire_put_map(out, n);
	if (typed) {
		wire_put_uint(out, 0);
		wire_put_text(out, text_of(rec->type));
	}
	p = out->p + out->n;
	for (const struct field *f = rec->fields; there != 0; f++, there >>= 1) {
		const void *member = (const char *)obj + f->at;

		if ((there & 1) == 0)
			continue;
		if (is_string(f) && (f->flags & TEXT_KEY) == 0) {
			p = spell_string(out, p, f, *(const struct bytes *)member, !rec->array);
			continue;
		}
		out->n = (size_t)(p - out->p);
		if (f->flags & TEXT_KEY)
			wire_put_text(out, text_of(f->name));
		else if (!rec->array)
			wire_put_int(out, f->key);
		encode_value(f, member, out);
		p = out->p + out->n;
	}
	out->n = (size_t)(p - out->p);
}

void
record_encode(const struct record *rec, const void *obj, struct buf *out)
{
	struct fault f;
	bool fit;
	uint64_t there = look_over(rec, obj, &fit);

	if ((!fit || !rules_across(rec, obj, &f)) && !record_fits(rec, obj, &f))
		die_fault(&f);	/* says where */
	encode_record(rec, obj, there, out);
}

void
list_add(const struct field *element, struct list *l, struct buf *raw, const void *one)
{
	struct fault f;

	if (!field_fits(element, one, &f))
		die_fault(&f);
	encode_value(element, one, raw);
	l->raw = buf_bytes(raw);
	l->count++;
}
