/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include <stdlib.h>

#include "base/die.h"

/* No realloc: it may leave a copy of a secret behind. */
void
buf_grow(struct buf *b, size_t n)
{
	size_t cap = b->n + n > 2 * b->cap ? b->n + n : 2 * b->cap;
	uint8_t *p = malloc(cap);

	if (p == NULL)
		die_errno("cannot grow a buffer to %zu bytes", cap);
	if (b->n > 0)
		memcpy(p, b->p, b->n);
	if (b->p != NULL)
		explicit_bzero(b->p, b->cap);
	free(b->p);
	b->p = p;
	b->cap = cap;
}

void
buf_drop(struct buf *b, size_t n)
{
	if (n == 0)
		return;
	b->n -= n;
	memmove(b->p, b->p + n, b->n);
	explicit_bzero(b->p + b->n, n);
}

void
buf_cut(struct buf *b, size_t n)
{
	if (b->n > n)
		explicit_bzero(b->p + n, b->n - n);
	b->n = n;
}

void
buf_wipe(struct buf *b)
{
	if (b->p != NULL)
		explicit_bzero(b->p, b->cap);
	b->n = 0;
}

void
buf_free(struct buf *b)
{
	buf_wipe(b);
	free(b->p);
	*b = (struct buf){ 0 };
}

struct text
text_of(const char *s)
{
	return s == NULL ? (struct text){ 0 } : (struct text){ (const uint8_t *)s, strlen(s) };
}

bool
text_equal(struct text a, struct text b)
{
	return bytes_equal(text_bytes(a), text_bytes(b));
}

bool
text_is(struct text t, const char *s)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] != (uint8_t)s[i] || s[i] == '\0')
			return false;
	return s[t.n] == '\0';
}

/* All eight bytes: a high half of 3, and a low one that is below 16 with 6 added. */
static bool
eight_digits(const uint8_t *p)
{
	const uint64_t high = UINT64_C(0xf0f0f0f0f0f0f0f0), three = UINT64_C(0x3030303030303030);
	uint64_t eight;

	memcpy(&eight, p, sizeof eight);
	return (eight & high) == three && ((eight + UINT64_C(0x0606060606060606)) & high) == three;
}

/* By eights, of which the last may overlap the one before. */
bool
text_is_digits(struct text t)
{
	size_t i = 0;

	if (t.n >= 8) {
		for (; i + 8 < t.n; i += 8)
			if (!eight_digits(t.p + i))
				return false;
		return eight_digits(t.p + t.n - 8);
	}
	for (; i < t.n; i++)
		if (t.p[i] < '0' || t.p[i] > '9')
			return false;
	return true;
}

bool
text_copy(struct text t, char *out, size_t size)
{
	if (t.n >= size || (t.n > 0 && memchr(t.p, '\0', t.n) != NULL))
		return false;
	if (t.n > 0)
		memcpy(out, t.p, t.n);
	out[t.n] = '\0';
	return true;
}

bool
bytes_equal(struct bytes a, struct bytes b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static const char digits[] = "0123456789abcdef";

static void
spell(char *out, struct bytes s)
{
	for (size_t i = 0; i < s.n; i++) {
		*out++ = digits[s.p[i] >> 4];
		*out++ = digits[s.p[i] & 15];
	}
}

const char *
hex(struct bytes s, char out[static HEX_MAX])
{
	if (s.n > HEX_MAX / 2)
		s.n = HEX_MAX / 2;
	spell(out, s);
	out[2 * s.n] = '\0';
	return out;
}

void
hex_add(struct buf *out, struct bytes s)
{
	spell((char *)buf_room(out, 2 * s.n), s);
	out->n += 2 * s.n;
}

static int
nibble(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
hex_read(struct buf *out, struct text t)
{
	uint8_t *to = buf_room(out, t.n / 2 + 1);

	if (t.n % 2 != 0)
		return false;
	for (size_t i = 0; i < t.n; i += 2) {
		int high = nibble(t.p[i]), low = nibble(t.p[i + 1]);

		if (high < 0 || low < 0)
			return false;
		*to++ = (uint8_t)(high << 4 | low);
	}
	out->n += t.n / 2;
	return true;
}
