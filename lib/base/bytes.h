/* SPDX-License-Identifier: Apache-2.0 */
/* bytes.h - views of bytes that something else owns, and a buffer that owns its own */
#ifndef BYTES_H
#define BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {			/* never freed; valid as long as what it points into */
	const uint8_t *p;	/* NULL: absent */
	size_t n;
};

struct text {			/* the same, known to be UTF-8, not NUL-terminated */
	const uint8_t *p;
	size_t n;
};

struct buf {			/* start with { 0 }; grows, never shrinks; what it held is wiped */
	uint8_t *p;
	size_t n, cap;
};

#define BYTES(array) ((struct bytes){ (array), sizeof(array) })	/* of a uint8_t[N] */

void buf_grow(struct buf *b, size_t n);		/* see buf_room() */
void buf_drop(struct buf *b, size_t n);		/* forget the first n bytes, and wipe them */
void buf_cut(struct buf *b, size_t n);		/* forget all but the first n bytes, and wipe it */
void buf_wipe(struct buf *b);			/* zero all that was ever in it and start anew */
void buf_free(struct buf *b);			/* the same, and give the memory back */

struct text text_of(const char *s);		/* of a C string; NULL: absent */
bool text_is(struct text t, const char *s);
bool text_equal(struct text a, struct text b);
bool text_is_digits(struct text t);

/* Copies t with a closing NUL; false when it needs more than size bytes or holds a NUL. */
bool text_copy(struct text t, char *out, size_t size);

bool bytes_equal(struct bytes a, struct bytes b);	/* not for secrets: see secret_equal() */

enum { HEX_MAX = 513 };
/* Lower-case hex of at most 256 bytes, for messages and SQL keys. Answers out. */
const char *hex(struct bytes s, char out[static HEX_MAX]);
void hex_add(struct buf *out, struct bytes s);
/*
 * Appends what the digits spell; false, and out as
 * it was, for an odd count or another character.
 */
bool hex_read(struct buf *out, struct text digits);

/* At least n bytes past the end; dies without memory. */
static inline uint8_t *
buf_room(struct buf *b, size_t n)
{
	if (n > b->cap - b->n || b->p == NULL)
		buf_grow(b, n);
	return b->p + b->n;
}

/* As memcpy(); what is as short as most strings are without a call. */
static inline void
bytes_copy(uint8_t *to, struct bytes s)
{
	if (s.n >= 8 && s.n <= 16) {	/* two times eight, which may overlap */
		uint64_t first, last;

		memcpy(&first, s.p, 8);
		memcpy(&last, s.p + s.n - 8, 8);
		memcpy(to, &first, 8);
		memcpy(to + s.n - 8, &last, 8);
	} else if (s.n >= 4 && s.n < 8) {	/* two times four */
		uint32_t first, last;

		memcpy(&first, s.p, 4);
		memcpy(&last, s.p + s.n - 4, 4);
		memcpy(to, &first, 4);
		memcpy(to + s.n - 4, &last, 4);
	} else if (s.n > 0)
		memcpy(to, s.p, s.n);
}

static inline void
buf_add(struct buf *b, struct bytes s)
{
	if (s.n == 0)
		return;
	bytes_copy(buf_room(b, s.n), s);
	b->n += s.n;
}

static inline struct bytes
buf_bytes(const struct buf *b)
{
	return (struct bytes){ b->p, b->n };
}

static inline struct bytes
text_bytes(struct text t)
{
	return (struct bytes){ t.p, t.n };
}

#endif
