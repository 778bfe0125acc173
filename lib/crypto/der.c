/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/der.h"

#include "base/die.h"

/* lengths below SHORT are one byte; ours have no more than LENGTH_MAX */
enum { SHORT = 0x80, LENGTH_MAX = 4 };

/* --- writing ---------------------------------------------------------------- */

struct der
der_over(uint8_t *room, size_t n)
{
	return (struct der){ room, room + n, 0 };
}

void
der_put(struct der *d, struct bytes s)
{
	if (s.n > (size_t)(d->p - d->start))
		die_world("DER: needs %zu bytes more than there is room for", s.n);
	d->p -= s.n;
	d->n += s.n;
	bytes_copy(d->p, s);
}

void
der_close(struct der *d, uint8_t tag, const uint8_t *end)
{
	uint8_t head[2 + LENGTH_MAX], *p = head + sizeof head;
	size_t n = (size_t)(end - d->p);

	if (n < SHORT)
		*--p = (uint8_t)n;
	else {
		for (; n > 0; n >>= 8)
			*--p = (uint8_t)n;
		p--;
		*p = (uint8_t)(SHORT | (head + sizeof head - p - 1));
	}
	*--p = tag;
	der_put(d, (struct bytes){ p, (size_t)(head + sizeof head - p) });
}

void
der_put_as(struct der *d, uint8_t tag, struct bytes content)
{
	const uint8_t *end = d->p;

	der_put(d, content);
	der_close(d, tag, end);
}

void
der_put_integer(struct der *d, struct bytes magnitude)
{
	const uint8_t *end = d->p;

	for (; magnitude.n > 1 && *magnitude.p == 0; magnitude.n--)
		magnitude.p++;
	der_put(d, magnitude);
	if (*magnitude.p >= SHORT)
		/* or it would be negative */
		der_put(d, (struct bytes){ (const uint8_t[]){ 0 }, 1 });
	der_close(d, DER_INTEGER, end);
}

void
der_put_bits(struct der *d, struct bytes s)
{
	const uint8_t *end = d->p;

	der_put(d, s);
	der_put(d, (struct bytes){ (const uint8_t[]){ 0 }, 1 });	/* no bit unused */
	der_close(d, DER_BIT_STRING, end);
}

struct bytes
der_written(const struct der *d)
{
	return (struct bytes){ d->p, d->n };
}

/* --- reading ---------------------------------------------------------------- */

bool
der_take(struct bytes *in, uint8_t tag, struct bytes *content)
{
	size_t n, at = 2, more;

	if (in->n < 2 || in->p[0] != tag)
		return false;
	n = in->p[1];
	if (n >= SHORT) {
		more = n - SHORT;
		if (more == 0 || more > LENGTH_MAX || in->n < at + more || in->p[at] == 0)
			return false;
		for (n = 0; more > 0; more--)
			n = n << 8 | in->p[at++];
		if (n < SHORT)
			return false;
	}
	if (n > in->n - at)
		return false;
	*content = (struct bytes){ in->p + at, n };
	*in = (struct bytes){ in->p + at + n, in->n - at - n };
	return true;
}

bool
der_take_whole(struct bytes *in, uint8_t tag, struct bytes *value)
{
	struct bytes content;
	const uint8_t *start = in->p;

	if (!der_take(in, tag, &content))
		return false;
	*value = (struct bytes){ start, (size_t)(in->p - start) };
	return true;
}

bool
der_descend(struct bytes in, const uint8_t *tags, size_t n, struct bytes *out)
{
	struct bytes content;

	for (size_t i = 0; i < n; i++) {
		if (!der_take(&in, tags[i], &content))
			return false;
		if (tags[i] != DER_OID)
			in = content;
	}
	*out = in;
	return true;
}
