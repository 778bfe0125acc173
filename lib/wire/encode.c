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

static bool encode_record(const struct record *, const void *obj, struct buf *, struct fault *);

/*
 * Each of these looks at what it appends, once: false, and *why, when it is
 * not as its table wants it; what was appended by then is worth nothing.
 */
static bool
encode_value(const struct field *f, const void *member, struct buf *out, struct fault *why)
{
	const struct list *l = member;

	if (f->kind == KIND_RECORD) {
		if (encode_record(f->sub, member, out, why))
			return true;
		fault_inside(why, f->name);
		return false;
	}
	if (!field_fits(f, member, why))
		return false;
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
	case KIND_EMBEDDED: wire_put_bytes(out, *(const struct bytes *)member); break;
	case KIND_TEXT: wire_put_text(out, *(const struct text *)member); break;
	case KIND_LIST:
		if (l->count != 1 || !(f->flags & BARE_ONE))
			wire_put_array(out, l->count);
		buf_add(out, l->raw);
		break;
	case KIND_RECORD: break;
	}
	return true;
}

/* The usual field: looked at, and key and string in one go. */
static inline bool
encode_string(const struct field *f, struct bytes s, bool keyed, struct buf *out, struct fault *why)
{
	enum wire_type type = f->kind == KIND_TEXT ? WIRE_TEXT : WIRE_BYTES;
	uint8_t *p;

	if ((s.n < f->min || s.n > f->max || (type == WIRE_TEXT && !(f->flags & DIGITS ?
	    text_is_digits((struct text){ s.p, s.n }) : wire_is_ascii(s.p, s.n)))) &&
	    !field_fits(f, &s, why))
		return false;
	p = buf_room(out, 2 * WIRE_HEAD_MAX + s.n);
	if (keyed)
		p = f->key < 0 ? wire_spell(p, WIRE_NEGINT, (uint64_t)(-1 - f->key)) :
		    wire_spell(p, WIRE_UINT, (uint64_t)f->key);
	p = wire_spell(p, type, s.n);
	bytes_copy(p, s);
	out->n = (size_t)(p - out->p) + s.n;
	return true;
}

static inline bool
encode_field(const struct field *f, const void *member, bool keyed, struct buf *out,
    struct fault *why)
{
	if (is_string(f) && (f->flags & TEXT_KEY) == 0)
		return encode_string(f, *(const struct bytes *)member, keyed, out, why);
	if (f->flags & TEXT_KEY)
		wire_put_text(out, text_of(f->name));
	else if (keyed)
		wire_put_int(out, f->key);
	return encode_value(f, member, out, why);
}

/* The head, of one byte (FIELDS_MAX), is written when it is known how many fields are there. */
static bool
encode_record(const struct record *rec, const void *obj, struct buf *out, struct fault *why)
{
	bool keyed = !rec->array, typed = keyed && rec->type != NULL;
	const struct field *f = rec->fields;
	uint64_t n = typed;
	size_t head;

	if (rec->tag != 0)
		wire_put_tag(out, rec->tag);
	buf_room(out, 1);
	head = out->n++;
	if (typed) {
		wire_put_uint(out, 0);
		wire_put_text(out, text_of(rec->type));
	}
	for (size_t left = rec->nfields; left > 0; left--, f++) {
		const void *member = (const char *)obj + f->at;

		if (f->flags & OPTIONAL && absent(f, member))
			continue;
		n++;
		if (!encode_field(f, member, keyed, out, why))
			return false;
	}
	wire_spell(out->p + head, keyed ? WIRE_MAP : WIRE_ARRAY, n);
	return rules_across(rec, obj, why);
}

/* What was written of it is no object, and may be secret. */
static _Noreturn void
refuse(struct buf *out, size_t start, const struct fault *why)
{
	buf_cut(out, start);
	die_fault(why);
}

void
record_encode(const struct record *rec, const void *obj, struct buf *out)
{
	size_t start = out->n;
	struct fault f;

	if (encode_record(rec, obj, out, &f))
		return;
	fault_inside(&f, rec->name);
	refuse(out, start, &f);
}

void
list_add(const struct field *element, struct list *l, struct buf *raw, const void *one)
{
	size_t start = raw->n;
	struct fault f;

	if (!encode_value(element, one, raw, &f))
		refuse(raw, start, &f);
	l->raw = buf_bytes(raw);
	l->count++;
}
