/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of maps, in their order: key_take(). */
#include <inttypes.h>
#include <string.h>

#include "wire/reader.h"

/* Integer keys in the order of their encodings: 0, 1, 2, ... then -1, -2, ... (RFC 8949 4.2.1). */
static uint64_t
rank(int64_t key)
{
	return key >= 0 ? (uint64_t)key : (UINT64_C(1) << 63) + (uint64_t)(-1 - key);
}

struct key {
	bool text;
	uint64_t rank;
	struct text name;
};

static bool
decode_key(struct reader *r, const struct path *up, struct key *key)
{
	size_t at = r->in.at;
	struct wire_item item;
	const char *wrong = wire_next(&r->in, &item);

	if (wrong != NULL)
		return reader_wrong(r, up, at, "%s", wrong);
	if (item.type == WIRE_TEXT) {
		*key = (struct key){ .text = true, .name = { item.p, item.n } };
		return true;
	}
	if ((item.type != WIRE_UINT && item.type != WIRE_NEGINT) || item.n > INT64_MAX)
		return reader_wrong(r, up, at, "a key needs a number or text, has %s",
		    wire_type_name(item.type));
	*key = (struct key){ .rank = rank(item.type == WIRE_UINT ? (int64_t)item.n :
	    -1 - (int64_t)item.n) };
	return true;
}

static int
compare_text(struct text a, struct text b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return a.n == 0 ? 0 : memcmp(a.p, b.p, a.n);
}

/* As the encodings of the two keys compare. */
static int
compare_keys(const struct key *a, const struct key *b)
{
	if (a->text != b->text)
		return a->text ? 1 : -1;
	if (a->text)
		return compare_text(a->name, b->name);
	return a->rank < b->rank ? -1 : a->rank > b->rank;
}

static struct key
key_of(const struct field *f)
{
	if (f->flags & TEXT_KEY)
		return (struct key){ .text = true, .name = text_of(f->name) };
	return (struct key){ .rank = rank(f->key) };
}

/* before: where the key before it is; 0: there is none. */
static bool
bad_key(struct reader *r, const struct path *up, size_t at, const struct key *key, size_t before)
{
	struct reader back = { { r->in.in, before }, r->base, r->fault };
	struct key last = { 0 };
	int order = 1;
	const char *why;

	if (before != 0 && decode_key(&back, up, &last))
		order = compare_keys(key, &last);
	why = order == 0 ? "is there twice" : order < 0 ? "is out of order" : "is unknown";
	if (key->text)
		return reader_wrong(r, up, at, "key \"%.*s\" %s",
		    (int)(key->name.n < 32 ? key->name.n : 32), (const char *)key->name.p, why);
	return reader_wrong(r, up, at, "key %s%" PRIu64 " %s", key->rank >> 63 ? "-" : "",
	    key->rank >> 63 ? (key->rank & INT64_MAX) + 1 : key->rank, why);
}

/*
 * f is not where it should be, before the key at `at`:
 * it may stand among the pairs after it, or nowhere.
 */
static bool
misplaced(struct reader *r, const struct path *up, size_t at, const struct field *f, uint64_t pairs)
{
	const struct key want = key_of(f);
	struct reader ahead = *r;
	struct key other;

	while (pairs-- > 0) {
		struct bytes rest = { ahead.in.in.p + ahead.in.at, ahead.in.in.n - ahead.in.at };
		struct wire_span value = { 0 };
		size_t there;

		if (wire_span(&value, rest) != NULL)
			break;
		there = ahead.in.at += value.at;
		if (!decode_key(&ahead, up, &other))
			break;
		if (compare_keys(&other, &want) == 0)
			return bad_key(r, up, there, &other, at);
	}
	return reader_wrong(r, &(struct path){ up, f->name }, at, "is missing");
}

bool
key_take(struct reader *r, const struct path *up, const struct field **f, const struct field *end,
    size_t before, uint64_t pairs)
{
	size_t at = r->in.at;
	struct key key, want;

	if (!decode_key(r, up, &key))
		return false;
	while (*f < end && (*f)->flags & OPTIONAL &&
	    (want = key_of(*f), compare_keys(&want, &key) < 0))
		++*f;
	if (*f == end || (want = key_of(*f), compare_keys(&want, &key) > 0))
		return bad_key(r, up, at, &key, before);
	return compare_keys(&want, &key) == 0 || misplaced(r, up, at, *f, pairs);
}
