/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/wire.h"

#include "base/plain.h"

enum { SIMPLE = 7, FALSE = 20, TRUE = 21 };

const char wire_truncated[] = "truncated";

/* --- reading ------------------------------------------------------------- */

/* In words, of which the last may overlap the one before. */
bool
wire_is_ascii(const uint8_t *s, size_t n)
{
	uint64_t all = 0, eight;
	uint32_t four[2];

	if (n < sizeof four[0]) {
		for (size_t i = 0; i < n; i++)
			all |= s[i];
		return all < 0x80;
	}
	if (n < sizeof eight) {
		memcpy(&four[0], s, sizeof four[0]);
		memcpy(&four[1], s + n - sizeof four[1], sizeof four[1]);
		return ((four[0] | four[1]) & UINT32_C(0x80808080)) == 0;
	}
	for (size_t i = 0; i + sizeof eight < n; i += sizeof eight) {
		memcpy(&eight, s + i, sizeof eight);
		all |= eight;
	}
	memcpy(&eight, s + n - sizeof eight, sizeof eight);
	return ((all | eight) & UINT64_C(0x8080808080808080)) == 0;
}

bool
wire_is_text(const uint8_t *s, size_t n)
{
	uint32_t c;

	if (wire_is_ascii(s, n))
		return true;
	for (size_t at = 0, used; at < n; at += used)
		if ((used = utf8_take(s + at, n - at, &c)) == 0)
			return false;
	return true;
}

/* Reads type and argument; answers the head's length, 0 when *wrong says why not. */
static size_t
head(const uint8_t *p, size_t n, struct wire_item *item, const char **wrong)
{
	static const uint64_t least[] = {
		24, UINT8_MAX + 1, UINT16_MAX + 1, (uint64_t)UINT32_MAX + 1
	};
	unsigned info, more;

	*wrong = wire_truncated;
	if (n == 0)
		return 0;
	item->type = (enum wire_type)(p[0] >> 5);
	info = p[0] & 31;
	item->n = info;
	if (info < WIRE_SMALL)
		return 1;
	if (info == WIRE_SMALL && n > 1 && p[1] >= WIRE_SMALL) {	/* most that are longer */
		item->n = p[1];
		return 2;
	}
	if (info > 27) {
		*wrong = info == 31 && item->type >= WIRE_BYTES && item->type <= WIRE_MAP ?
		    "of indefinite length" : "not CBOR";
		return 0;
	}
	more = 1u << (info - 24);
	if (n <= more)
		return 0;
	item->n = 0;
	for (unsigned i = 1; i <= more; i++)
		item->n = item->n << 8 | p[i];
	if (item->n < least[info - 24] && (unsigned)item->type != SIMPLE) {
		*wrong = "not in shortest form";
		return 0;
	}
	return 1 + more;
}

/* As wire_next(), whatever a text consists of. */
static const char *
next_of_any_text(struct wire *in, struct wire_item *item)
{
	const uint8_t *p = in->in.p + in->at;
	size_t left = in->in.n - in->at, n;
	const char *wrong;

	if ((n = head(p, left, item, &wrong)) == 0)
		return wrong;
	if ((unsigned)item->type == SIMPLE) {
		if (n != 1 || (item->n != FALSE && item->n != TRUE))
			return "an item no object uses";
		item->type = WIRE_BOOL;
		item->n = item->n == TRUE;
	} else if (item->type == WIRE_BYTES || item->type == WIRE_TEXT) {
		item->p = p + n;
		if (item->n > left - n)
			return wire_truncated;
		n += item->n;
	}
	in->at += n;
	return NULL;
}

const char *
wire_next_any(struct wire *in, struct wire_item *item)
{
	size_t at = in->at;
	const char *wrong = next_of_any_text(in, item);

	if (wrong != NULL || item->type != WIRE_TEXT || wire_is_text(item->p, item->n))
		return wrong;
	in->at = at;
	return "not UTF-8";
}

const char *
wire_type_name(enum wire_type type)
{
	static const char *const names[] = {
		"an unsigned number", "a negative number", "bytes", "text",
		"an array", "a map", "a tag", "true or false"
	};
	return names[type];
}

/*
 * Steps over small numbers and short strings, as most items
 * are, up to owed of them; answers how many are left.
 */
static inline uint64_t
step_over(struct bytes in, size_t *at, uint64_t owed)
{
	const uint8_t *p = in.p + *at, *end = in.p + in.n;

	for (; owed > 0 && p < end; owed--) {
		size_t n = *p & 31;
		unsigned type = *p >> 5;

		if (n >= WIRE_SMALL || type > WIRE_TEXT)
			break;
		if (type <= WIRE_NEGINT)
			n = 0;
		else if (n >= (size_t)(end - p))
			break;
		p += 1 + n;
	}
	*at = (size_t)(p - in.p);
	return owed;
}

/* Keys and values of a map count alike; a level is left when nothing more is owed on it. */
const char *
wire_span(struct wire_span *s, struct bytes in)
{
	uint64_t owed = s->at > 0 ? s->owed[s->depth] : 1, inside;
	const char *wrong = NULL;
	size_t at = s->at;

	for (;; owed--) {
		struct wire_item item;
		struct wire w;

		while ((owed = step_over(in, &at, owed)) == 0 && s->depth > 0)
			owed = s->owed[--s->depth];
		if (owed == 0)
			break;
		w = (struct wire){ in, at };
		if ((wrong = next_of_any_text(&w, &item)) != NULL)
			break;
		if ((item.type == WIRE_ARRAY || item.type == WIRE_MAP) && item.n > UINT32_MAX)
			wrong = "longer than any object";
		inside = item.type == WIRE_MAP ? 2 * item.n : item.type == WIRE_ARRAY ? item.n :
		    item.type == WIRE_TAG;
		if (wrong == NULL && inside > 0 && s->depth == WIRE_DEPTH)
			wrong = "nested too deep";
		if (wrong != NULL)
			break;
		at = w.at;
		if (inside > 0) {
			s->owed[s->depth++] = owed - 1;
			owed = inside + 1;
		}
	}
	s->at = at;
	s->owed[s->depth] = owed;
	return wrong;
}

/* --- writing ------------------------------------------------------------- */

uint8_t *
wire_spell_any(uint8_t *p, enum wire_type type, uint64_t n)
{
	static const uint8_t info[] = { [1] = 24, [2] = 25, [4] = 26, [8] = 27 };
	unsigned more = n <= UINT8_MAX ? 1 : n <= UINT16_MAX ? 2 : n <= UINT32_MAX ? 4 : 8;

	p[0] = (uint8_t)((unsigned)type << 5 | info[more]);
	for (unsigned i = more; i > 0; i--, n >>= 8)
		p[i] = (uint8_t)n;
	return p + 1 + more;
}

void
wire_put_bool(struct buf *out, bool b)
{
	wire_put_head(out, (enum wire_type)SIMPLE, b ? TRUE : FALSE);
}
