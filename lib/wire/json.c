/* SPDX-License-Identifier: Apache-2.0 */
/* Objects to JSON: json_write(), json_write_pem(). */
#include "wire/json.h"

#include <jansson.h>
#include <stdio.h>

#include "base/die.h"
#include "base/plain.h"

static json_t *to_json(const struct record *r, const void *obj, bool reveal);

static json_t *
spelt(struct bytes b)
{
	struct buf digits = { 0 };
	json_t *j;

	hex_add(&digits, b);
	j = json_stringn((const char *)digits.p, digits.n);
	buf_free(&digits);
	return j;
}

static json_t *
value_to_json(const struct field *f, const void *member, bool reveal)
{
	_Alignas(16) uint8_t scratch[RECORD_SIZE_MAX];
	const struct text *t = member;
	struct fault fault;
	size_t at = 0;
	json_t *list;

	if (f->flags & SECRET && !reveal)
		return json_string("…");
	switch (f->kind) {
	case KIND_UINT:
	case KIND_TIME: return json_integer((json_int_t)*(const uint64_t *)member);
	case KIND_INT: return json_integer(*(const int64_t *)member);
	case KIND_BOOL: return json_boolean(*(const bool *)member);
	case KIND_WORD:
	case KIND_CODE: return json_string(f->choices->words[*(const uint64_t *)member - 1]);
	case KIND_BYTES: return spelt(*(const struct bytes *)member);
	case KIND_TEXT: return json_stringn((const char *)t->p, t->n);
	case KIND_RECORD: return to_json(f->sub, member, reveal);
	case KIND_EMBEDDED:
		record_decode(f->sub, scratch, *(const struct bytes *)member, &fault);
		return to_json(f->sub, scratch, reveal);
	case KIND_LIST:
		list = json_array();
		while (list_next(f->element, *(const struct list *)member, &at, scratch))
			json_array_append_new(list, value_to_json(f->element, scratch, reveal));
		return list;
	}
	return NULL;
}

static json_t *
to_json(const struct record *r, const void *obj, bool reveal)
{
	json_t *j = json_object();

	if (r->type != NULL)
		json_object_set_new(j, "type", json_string(r->type));
	for (const struct field *f = r->fields; f < r->fields + r->nfields; f++) {
		const void *member = (const char *)obj + f->at;

		if (!(f->flags & OPTIONAL && field_absent(f, member)))
			json_object_set_new(j, f->name, value_to_json(f, member, reveal));
	}
	return j;
}

static void
add_escaped(struct buf *out, uint32_t c)
{
	char pair[16];

	if (c < 0x10000)
		snprintf(pair, sizeof pair, "\\u%04x", (unsigned)c);
	else
		snprintf(pair, sizeof pair, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (c >> 10)),
		    (unsigned)(0xdc00 + (c & 0x3ff)));
	buf_add(out, text_bytes(text_of(pair)));
}

/* Parts are whole characters; one that is not plain is within a string, where it may be escaped. */
static int
add(const char *part, size_t n, void *out)
{
	struct text t = { (const uint8_t *)part, n };

	while (t.n > 0) {
		uint32_t c;

		n = plain_span(t);
		buf_add(out, (struct bytes){ t.p, n });
		t = (struct text){ t.p + n, t.n - n };
		if (t.n == 0)
			break;
		if ((n = utf8_take(t.p, t.n, &c)) == 0)
			return -1;
		add_escaped(out, c);
		t = (struct text){ t.p + n, t.n - n };
	}
	return 0;
}

static void
put_line(json_t *j, struct buf *out)
{
	if (j == NULL || json_dump_callback(j, add, out, JSON_COMPACT) == -1)
		die_errno("cannot write JSON");
	buf_add(out, (struct bytes){ (const uint8_t *)"\n", 1 });
	json_decref(j);
}

void
json_write(const struct record *r, const void *obj, bool reveal, struct buf *out)
{
	put_line(to_json(r, obj, reveal), out);
}

void
json_write_pem(struct text t, struct buf *out)
{
	json_t *j = json_object(), *text = json_stringn((const char *)t.p, t.n);

	json_object_set_new(j, "type", json_string("pem"));
	json_object_set_new(j, "text", text != NULL ? text : json_string("not UTF-8"));
	put_line(j, out);
}
