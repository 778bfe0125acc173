/* SPDX-License-Identifier: Apache-2.0 */
/* Records out: record_encode(), list_add(). */
#include "wire/record.h"

#include "base/die.h"

static bool
record_absent(const struct record *rec, const void *obj)
{
	for (size_t i = 0; i < rec->nfields; i++)	/* absent when all of it is */
		if (!field_absent(&rec->fields[i], (const char *)obj + rec->fields[i].at))
			return false;
	return true;
}

/* In place: it is asked of every field that may be left out. */
static inline bool
absent(const struct field *f, const void *member)
{
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

static bool
skipped(const struct field *f, const void *obj)
{
	return f->flags & OPTIONAL && absent(f, (const char *)obj + f->at);
}

static void encode_record(const struct record *, const void *obj, struct buf *);

static void
encode_value(const struct field *f, const void *member, struct buf *out)
{
	const struct list *l = member;

	switch (f->kind) {
	case KIND_UINT:
	case KIND_TIME: wire_put_uint(out, *(const uint64_t *)member); break;
	case KIND_INT: wire_put_int(out, *(const int64_t *)member); break;
	case KIND_BOOL: wire_put_bool(out, *(const bool *)member); break;
	case KIND_WORD: wire_put_text(out, text_of(f->choices->words[*(const uint64_t *)member - 1])); break;
	case KIND_CODE: wire_put_int(out, f->choices->codes[*(const uint64_t *)member - 1]); break;
	case KIND_BYTES:
	case KIND_EMBEDDED:
	case KIND_TEXT:		/* struct text has the layout of struct bytes */
		wire_put_string(out, f->kind == KIND_TEXT ? WIRE_TEXT : WIRE_BYTES,
		    *(const struct bytes *)member);
		break;
	case KIND_RECORD: encode_record(f->sub, member, out); break;
	case KIND_LIST:
		if (l->count != 1 || !(f->flags & BARE_ONE))
			wire_put_array(out, l->count);
		buf_add(out, l->raw);
		break;
	}
}

static void
encode_record(const struct record *rec, const void *obj, struct buf *out)
{
	bool typed = rec->type != NULL && !rec->array;
	uint64_t there = 0;	/* a bit for each field: the head counts what the loop writes */
	size_t n = typed;

	if (rec->tag != 0)
		wire_put_tag(out, rec->tag);
	for (size_t i = 0; i < rec->nfields; i++)
		if (!skipped(&rec->fields[i], obj)) {
			there |= UINT64_C(1) << i;
			n++;
		}
	if (rec->array)
		wire_put_array(out, n);
	else
		wire_put_map(out, n);
	if (typed) {
		wire_put_uint(out, 0);
		wire_put_text(out, text_of(rec->type));
	}
	for (const struct field *f = rec->fields; there != 0; f++, there >>= 1) {
		if ((there & 1) == 0)
			continue;
		if (f->flags & TEXT_KEY)
			wire_put_text(out, text_of(f->name));
		else if (!rec->array)
			wire_put_int(out, f->key);
		encode_value(f, (const char *)obj + f->at, out);
	}
}

void
record_encode(const struct record *rec, const void *obj, struct buf *out)
{
	struct fault f;

	if (!record_fits(rec, obj, &f))
		die_fault(&f);
	encode_record(rec, obj, out);
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
