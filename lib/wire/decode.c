/* SPDX-License-Identifier: Apache-2.0 */
/* Records in: record_decode(), list_next(). */
#include <inttypes.h>
#include <string.h>

#include "wire/reader.h"
#include "wire/rules.h"

__attribute__((cold)) static bool
out_of_range(struct reader *r, const struct path *p, size_t at, const struct field *f, uint64_t n)
{
	char range[RANGE_LEN];

	return reader_wrong(r, p, at, "%s", rules_range(f, n, range));
}

static bool decode_record(struct reader *, const struct path *, const struct record *, void *);
static bool decode_value(struct reader *, const struct path *, const struct field *, void *member);

static bool
decode_int(struct reader *r, const struct path *p, int64_t *out)
{
	size_t at = r->in.at;
	struct wire_item item;
	const char *wrong = wire_next(&r->in, &item);

	if (wrong != NULL)
		return reader_wrong(r, p, at, "%s", wrong);
	if (item.type != WIRE_UINT && item.type != WIRE_NEGINT)
		return reader_wrong(r, p, at, "needs a number, has %s", wire_type_name(item.type));
	if (item.n > INT64_MAX)
		return reader_wrong(r, p, at, "too large a number");
	*out = item.type == WIRE_UINT ? (int64_t)item.n : -1 - (int64_t)item.n;
	return true;
}

static bool
decode_choice(struct reader *r, const struct path *p, const struct field *f, uint64_t *out)
{
	const struct choices *c = f->choices;
	size_t at = r->in.at;
	struct wire_item item;
	int64_t code;

	if (f->kind == KIND_CODE) {
		if (!decode_int(r, p, &code))
			return false;
		for (*out = 1; *out <= c->n; ++*out)
			if (c->codes[*out - 1] == code)
				return true;
		return reader_wrong(r, p, at, "%" PRId64 " is none of its choices", code);
	}
	if (!reader_next(r, p, WIRE_TEXT, &item))
		return false;
	for (*out = 1; *out <= c->n; ++*out)
		if (text_is((struct text){ item.p, item.n }, c->words[*out - 1]))
			return true;
	return reader_wrong(r, p, at, "'%.*s' is none of its choices",
	    (int)(item.n < 32 ? item.n : 32), (const char *)item.p);
}

static inline bool
decode_string(struct reader *r, const struct path *p, const struct field *f, struct bytes *out)
{
	size_t at = r->in.at;
	struct wire_item item;

	if (!reader_next(r, p, f->kind == KIND_TEXT ? WIRE_TEXT : WIRE_BYTES, &item))
		return false;
	if (item.n < f->min || item.n > f->max)
		return out_of_range(r, p, at, f, item.n);
	if (f->flags & DIGITS && !text_is_digits((struct text){ item.p, item.n }))
		return reader_wrong(r, p, at, "needs digits only");
	*out = (struct bytes){ item.p, item.n };
	return true;
}

static bool
decode_embedded(struct reader *r, const struct path *p, const struct field *f, struct bytes *out)
{
	_Alignas(16) uint8_t scratch[RECORD_SIZE_MAX];
	struct reader inside = { .fault = r->fault };

	if (!decode_string(r, p, f, out))
		return false;
	inside.in.in = *out;
	inside.base = r->base + r->in.at - out->n;
	if (!decode_record(&inside, p, f->sub, scratch))
		return false;
	if (inside.in.at != out->n)
		return reader_wrong(&inside, p, inside.in.at, "%zu bytes too many",
		    out->n - inside.in.at);
	return true;
}

static bool
decode_list(struct reader *r, const struct path *p, const struct field *f, struct list *out)
{
	_Alignas(16) uint8_t scratch[RECORD_SIZE_MAX];
	size_t at = r->in.at, start;
	struct wire_item head = { .n = 1 };

	if (f->flags & BARE_ONE && at < r->in.in.n && r->in.in.p[at] >> 5 != WIRE_ARRAY)
		;	/* the one element stands for the list */
	else if (!reader_next(r, p, WIRE_ARRAY, &head))
		return false;
	else if (head.n == 1 && f->flags & BARE_ONE)
		return reader_wrong(r, p, at, "one element needs no list (RFC 9360)");
	if (head.n < f->min || head.n > f->max)
		return out_of_range(r, p, at, f, head.n);
	start = r->in.at;
	for (uint64_t i = 0; i < head.n; i++)
		if (!decode_value(r, &(struct path){ p, f->element->name }, f->element, scratch))
			return false;
	out->raw = (struct bytes){ r->in.in.p + start, r->in.at - start };
	out->count = head.n;
	return true;
}

static bool
decode_value(struct reader *r, const struct path *p, const struct field *f, void *member)
{
	size_t at = r->in.at;
	struct wire_item item;

	switch (f->kind) {
	case KIND_UINT:
	case KIND_TIME:
		if (!reader_next(r, p, WIRE_UINT, &item))
			return false;
		if (item.n < f->min || item.n > f->max)
			return out_of_range(r, p, at, f, item.n);
		*(uint64_t *)member = item.n;
		return true;
	case KIND_INT:
		if (!decode_int(r, p, member))
			return false;
		if (*(int64_t *)member < (int64_t)f->min || *(int64_t *)member > (int64_t)f->max)
			return out_of_range(r, p, at, f, *(uint64_t *)member);
		return true;
	case KIND_BOOL:
		if (!reader_next(r, p, WIRE_BOOL, &item))
			return false;
		if (item.n < f->min)
			return reader_wrong(r, p, at, "needs true, has false");
		*(bool *)member = item.n;
		return true;
	case KIND_WORD:
	case KIND_CODE:
		return decode_choice(r, p, f, member);
	case KIND_BYTES:
	case KIND_TEXT:
		return decode_string(r, p, f, member);	/* struct text is laid out alike */
	case KIND_EMBEDDED:
		return decode_embedded(r, p, f, member);
	case KIND_RECORD:
		return decode_record(r, p, f->sub, member);
	case KIND_LIST:
		return decode_list(r, p, f, member);
	}
	return false;
}

/*
 * Takes the usual key, a small number and f's or one's
 * behind some that are left out; NULL: it is another.
 */
static inline const struct field *
take_small_key(struct reader *r, const struct field *f, const struct field *end)
{
	uint8_t key;

	if (r->in.at == r->in.in.n || (key = r->in.in.p[r->in.at]) >= WIRE_SMALL)
		return NULL;
	while (f < end && f->key < key && f->flags & OPTIONAL)
		f++;
	if (f == end || f->key != key || f->flags & TEXT_KEY)
		return NULL;
	r->in.at++;
	return f;
}

/*
 * Takes the usual value, a short string as f wants it;
 * false, and nothing taken: it is another, right or wrong.
 */
static inline bool
take_short_string(struct reader *r, const struct field *f, void *member)
{
	const uint8_t *p = r->in.in.p + r->in.at;
	size_t left = r->in.in.n - r->in.at, n;

	if (left == 0 || (n = p[0] & 31) >= WIRE_SMALL || n >= left || n < f->min || n > f->max)
		return false;
	if (f->kind == KIND_TEXT ? p[0] >> 5 != WIRE_TEXT || !(f->flags & DIGITS ?
	    text_is_digits((struct text){ p + 1, n }) : wire_is_ascii(p + 1, n)) :
	    f->kind != KIND_BYTES || p[0] >> 5 != WIRE_BYTES)
		return false;
	*(struct bytes *)member = (struct bytes){ p + 1, n };
	r->in.at += 1 + n;
	return true;
}

static bool
decode_type(struct reader *r, const struct path *up, const struct record *rec)
{
	const struct path p = { up, "type" };
	size_t at = r->in.at;
	struct wire_item item;

	if (!reader_next(r, &p, WIRE_UINT, &item))
		return false;
	if (item.n != 0)
		return reader_wrong(r, &p, at, "is missing");
	at = r->in.at;
	if (!reader_next(r, &p, WIRE_TEXT, &item))
		return false;
	if (!text_is((struct text){ item.p, item.n }, rec->type))
		return reader_wrong(r, &p, at, "needs %s, has %.*s", rec->type,
		    (int)(item.n < 32 ? item.n : 32), (const char *)item.p);
	return true;
}

/*
 * The table and a deterministic map are both sorted by key, so this is a
 * merge: an unknown, repeated or misplaced key fails where it stands.
 */
static bool
decode_map(struct reader *r, const struct path *up, const struct record *rec, void *obj)
{
	const struct field *f = rec->fields, *end = f + rec->nfields;
	struct wire_item map;
	size_t at, before = 0;
	uint64_t i = 0;

	if (!reader_next(r, up, WIRE_MAP, &map))
		return false;
	if (rec->type != NULL) {
		if (map.n == 0)
			return reader_wrong(r, &(struct path){ up, "type" }, r->in.at,
			    "is missing");
		before = r->in.at;
		if (!decode_type(r, up, rec))
			return false;
		i++;
	}
	for (; i < map.n; i++, f++, before = at) {
		const struct field *usual;

		at = r->in.at;
		if ((usual = take_small_key(r, f, end)) != NULL)
			f = usual;
		else if (!key_take(r, up, &f, end, before, map.n - i - 1))
			return false;
		if (!take_short_string(r, f, (char *)obj + f->at) &&
		    !decode_value(r, &(struct path){ up, f->name }, f, (char *)obj + f->at))
			return false;
	}
	for (; f < end; f++)
		if (!(f->flags & OPTIONAL))
			return reader_wrong(r, &(struct path){ up, f->name }, r->in.at,
			    "is missing");
	return true;
}

static bool
decode_array(struct reader *r, const struct path *up, const struct record *rec, void *obj)
{
	size_t at = r->in.at;
	struct wire_item array;

	if (!reader_next(r, up, WIRE_ARRAY, &array))
		return false;
	if (array.n != rec->nfields)
		return reader_wrong(r, up, at, "needs %zu elements, has %" PRIu64, rec->nfields,
		    array.n);
	for (const struct field *f = rec->fields; f < rec->fields + rec->nfields; f++)
		if (!decode_value(r, &(struct path){ up, f->name }, f, (char *)obj + f->at))
			return false;
	return true;
}

static bool
decode_record(struct reader *r, const struct path *up, const struct record *rec, void *obj)
{
	size_t at = r->in.at;
	struct wire_item tag;
	struct fault f;

	memset(obj, 0, rec->size);
	if (rec->tag != 0) {
		if (!reader_next(r, up, WIRE_TAG, &tag))
			return false;
		if (tag.n != rec->tag)
			return reader_wrong(r, up, at, "needs tag %" PRIu64 ", has %" PRIu64,
			    rec->tag, tag.n);
	}
	if (!(rec->array ? decode_array : decode_map)(r, up, rec, obj))
		return false;
	if (!rules_across(rec, obj, &f))
		return reader_wrong(r, &(struct path){ up, f.where }, at, "%s", f.fact);
	return true;
}

bool
record_decode(const struct record *rec, void *obj, struct bytes in, struct fault *fault)
{
	struct reader r = { { in, 0 }, 0, fault };
	struct path top = { NULL, rec->name };

	if (!decode_record(&r, &top, rec, obj))
		return false;
	if (r.in.at != in.n)
		return reader_wrong(&r, &top, r.in.at, "%zu bytes too many", in.n - r.in.at);
	return true;
}

bool
list_next(const struct field *element, struct list l, size_t *at, void *to)
{
	struct fault f;
	struct reader r = { { l.raw, *at }, 0, &f };

	if (*at >= l.raw.n || !decode_value(&r, &(struct path){ NULL, element->name }, element, to))
		return false;
	*at = r.in.at;
	return true;
}
