/* SPDX-License-Identifier: Apache-2.0 */
#include "base/plain.h"

size_t
utf8_take(const uint8_t *s, size_t n, uint32_t *c)
{
	size_t more = s[0] < 0x80 ? 0 : s[0] < 0xc2 ? n : s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 :
	    s[0] < 0xf5 ? 3 : n;

	if (more >= n)
		return 0;
	*c = more == 0 ? s[0] : s[0] & 0x3fu >> more;
	for (size_t i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	if ((more == 2 && (*c < 0x800 || *c >> 11 == 0x1b)) ||
	    (more == 3 && (*c < 0x10000 || *c > 0x10ffff)))
		return 0;
	return 1 + more;
}

/*
 * Of Unicode 15: the controls, the separators of lines, the annotations, and what has the property
 * Default_Ignorable_Code_Point, which holds all that turns text round or has no width.
 */
static bool
is_plain(uint32_t c)
{
	static const struct { uint32_t first, last; } not[] = {
		{ 0, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x34f, 0x34f }, { 0x61c, 0x61c },
		{ 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },
		{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0x1bca0, 0x1bca3 },
		{ 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < sizeof not / sizeof not[0] && c >= not[i].first; i++)
		if (c <= not[i].last)
			return false;
	return true;
}

/* The length of the plain character at the start of n > 0 bytes; 0: there is none. */
static size_t
take(const uint8_t *s, size_t n)
{
	uint32_t c;

	if (s[0] >= ' ' && s[0] <= '~')
		return 1;
	n = utf8_take(s, n, &c);
	return n > 0 && is_plain(c) ? n : 0;
}

size_t
plain_span(struct text t)
{
	size_t at = 0, n;

	while (at < t.n && (n = take(t.p + at, t.n - at)) > 0)
		at += n;
	return at;
}

bool
text_plain(struct text t)
{
	return plain_span(t) == t.n;
}

size_t
plain_spell(struct text t, uint8_t *out)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t *to = out;

	for (size_t at = 0, n; at < t.n; at += n) {
		n = t.p[at] == '\\' ? 0 : take(t.p + at, t.n - at);
		if (n > 0) {
			memcpy(to, t.p + at, n);
			to += n;
			continue;
		}
		n = 1;
		memcpy(to, "\\x", 2);
		to[2] = (uint8_t)digits[t.p[at] >> 4];
		to[3] = (uint8_t)digits[t.p[at] & 15];
		to += 4;
	}
	return (size_t)(to - out);
}
