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

extern const char wire_truncated[];	/* the one fault that more input may cure */

/* Takes the item at in->at: NULL, or what is wrong with it and in->at still there. */
const char *wire_next(struct wire *in, struct wire_item *item);
const char *wire_type_name(enum wire_type type);

enum { WIRE_DEPTH = 16 };

/* Finds where the first item of a growing input ends, without reading any of it twice. */
struct wire_span {		/* start with { 0 } */
	size_t at;		/* heads and strings before this are done; the length, when done */
	unsigned depth;
	uint64_t owed[WIRE_DEPTH + 1];	/* items still to come, per level */
	bool started;
};

/* NULL: s->at is the item's length. wire_truncated: call again with more. Else what is wrong at s->at. */
const char *wire_span(struct wire_span *s, struct bytes in);

void wire_put_uint(struct buf *out, uint64_t n);
void wire_put_int(struct buf *out, int64_t n);
void wire_put_bytes(struct buf *out, struct bytes s);
void wire_put_text(struct buf *out, struct text s);
void wire_put_array(struct buf *out, uint64_t count);
void wire_put_map(struct buf *out, uint64_t count);
void wire_put_tag(struct buf *out, uint64_t tag);
void wire_put_bool(struct buf *out, bool b);

#endif
