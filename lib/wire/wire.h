/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h - deterministic CBOR, one item at a time.
 *
 * Reading allocates nothing: strings are views of the input.  Only what RFC
 * 8949 4.2.1 lets an encoder emit is accepted: definite lengths, shortest
 * forms, UTF-8.  Our own reader: it takes a fifth of the time of libcbor's,
 * which stays beside it as the reference (reference.h).
 */
#ifndef WIRE_H
#define WIRE_H

#include "base/bytes.h"

enum wire_type {
	WIRE_UINT, WIRE_NEGINT, WIRE_BYTES, WIRE_TEXT,	/* the major types, in their order */
	WIRE_ARRAY, WIRE_MAP, WIRE_TAG, WIRE_BOOL
};

struct wire_item {
	enum wire_type type;
	uint64_t n;		/* value (WIRE_NEGINT: of -1 - n), length, count or tag */
	const uint8_t *p;	/* WIRE_BYTES, WIRE_TEXT: n bytes */
};

struct wire {
	struct bytes in;
	size_t at;		/* how far we have read */
};

/* Numbers below WIRE_SMALL are in the head's first byte. */
enum { WIRE_SMALL = 24, WIRE_HEAD_MAX = 9 };

extern const char wire_truncated[];	/* the one fault that more input may cure */

/* Takes the item at in->at: NULL, or what is wrong with it and in->at still there. */
static inline const char *wire_next(struct wire *in, struct wire_item *item);
const char *wire_type_name(enum wire_type type);

enum { WIRE_DEPTH = 16 };

/*
 * Finds where the first item of a growing input ends, without reading any of it twice.  What its
 * texts consist of is left to who reads them: it does not change where they end.
 */
struct wire_span {		/* start with at and depth 0 */
	size_t at;		/* heads and strings before this are done; the length, when done */
	unsigned depth;
	uint64_t owed[WIRE_DEPTH + 1];	/* items still to come, per level */
};

/*
 * NULL: s->at is the item's length. wire_truncated:
 * call again with more. Else what is wrong at s->at.
 */
const char *wire_span(struct wire_span *s, struct bytes in);

const char *wire_next_any(struct wire *in, struct wire_item *item);	/* see wire_next() */
bool wire_is_ascii(const uint8_t *s, size_t n);
bool wire_is_text(const uint8_t *s, size_t n);			/* UTF-8 */

/*
 * Here, the items with a head of one byte, which are
 * most: keys, small numbers, counts, short strings.
 */
static inline const char *
wire_next(struct wire *in, struct wire_item *item)
{
	const uint8_t *p = in->in.p + in->at;
	size_t left = in->in.n - in->at;
	unsigned type, n;

	if (left == 0 || (n = p[0] & 31) >= WIRE_SMALL || (type = p[0] >> 5) > WIRE_TAG)
		return wire_next_any(in, item);
	item->type = (enum wire_type)type;
	item->n = n;
	if (type != WIRE_BYTES && type != WIRE_TEXT) {
		in->at++;
		return NULL;
	}
	item->p = p + 1;
	if (n > left - 1 || (type == WIRE_TEXT && !wire_is_ascii(p + 1, n)))
		return wire_next_any(in, item);
	in->at += 1 + n;
	return NULL;
}

uint8_t *wire_spell_any(uint8_t *p, enum wire_type type, uint64_t n);	/* see wire_spell() */

/* Writes a head, answers its end. */
static inline uint8_t *
wire_spell(uint8_t *p, enum wire_type type, uint64_t n)
{
	if (n >= WIRE_SMALL)
		return wire_spell_any(p, type, n);
	*p = (uint8_t)((unsigned)type << 5 | (unsigned)n);
	return p + 1;
}

static inline void
wire_put_head(struct buf *out, enum wire_type type, uint64_t n)
{
	uint8_t *p = buf_room(out, WIRE_HEAD_MAX);

	out->n += (size_t)(wire_spell(p, type, n) - p);
}

static inline void
wire_put_string(struct buf *out, enum wire_type type, struct bytes s)
{
	uint8_t *p = buf_room(out, WIRE_HEAD_MAX + s.n), *to = wire_spell(p, type, s.n);

	bytes_copy(to, s);
	out->n += (size_t)(to - p) + s.n;
}

static inline void
wire_put_int(struct buf *out, int64_t n)
{
	wire_put_head(out, n < 0 ? WIRE_NEGINT : WIRE_UINT, (uint64_t)(n < 0 ? -1 - n : n));
}

static inline void
wire_put_uint(struct buf *out, uint64_t n)
{
	wire_put_head(out, WIRE_UINT, n);
}

static inline void
wire_put_array(struct buf *out, uint64_t count)
{
	wire_put_head(out, WIRE_ARRAY, count);
}

static inline void
wire_put_map(struct buf *out, uint64_t count)
{
	wire_put_head(out, WIRE_MAP, count);
}

static inline void
wire_put_tag(struct buf *out, uint64_t tag)
{
	wire_put_head(out, WIRE_TAG, tag);
}

static inline void
wire_put_bytes(struct buf *out, struct bytes s)
{
	wire_put_string(out, WIRE_BYTES, s);
}

static inline void
wire_put_text(struct buf *out, struct text s)
{
	wire_put_string(out, WIRE_TEXT, text_bytes(s));
}

void wire_put_bool(struct buf *out, bool b);

#endif
