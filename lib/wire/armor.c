/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/armor.h"

#include <stdio.h>

enum { LINE = 64 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
add(struct buf *out, const char *s)
{
	buf_add(out, text_bytes(text_of(s)));
}

void
armor_add(struct buf *out, const char *label, struct bytes der)
{
	char line[LABEL_MAX + 24];

	snprintf(line, sizeof line, "-----BEGIN %s-----\n", label);
	add(out, line);
	for (size_t i = 0, column = 0; i < der.n; i += 3) {
		size_t left = der.n - i;
		uint32_t v = (uint32_t)der.p[i] << 16 | (left > 1 ? (uint32_t)der.p[i + 1] << 8 : 0) |
		    (left > 2 ? der.p[i + 2] : 0);
		uint8_t *quad = buf_room(out, 5);

		quad[0] = (uint8_t)alphabet[v >> 18];
		quad[1] = (uint8_t)alphabet[v >> 12 & 63];
		quad[2] = (uint8_t)(left > 1 ? alphabet[v >> 6 & 63] : '=');
		quad[3] = (uint8_t)(left > 2 ? alphabet[v & 63] : '=');
		quad[4] = '\n';
		column += 4;
		out->n += column == LINE || left <= 3 ? 5 : 4;
		column %= LINE;
	}
	snprintf(line, sizeof line, "-----END %s-----\n", label);
	add(out, line);
}

/* A line of in, without its end; false when no whole line is there. */
static bool
take_line(struct bytes in, size_t *at, struct text *line)
{
	const uint8_t *start = in.p + *at;
	const uint8_t *end = *at < in.n ? memchr(start, '\n', in.n - *at) : NULL;

	if (end == NULL)
		return false;
	*line = (struct text){ start, (size_t)(end - start) };
	*at += line->n + 1;
	while (line->n > 0 && (start[line->n - 1] == '\r' || start[line->n - 1] == ' '))
		line->n--;
	return true;
}

static bool
is_boundary(struct text line, const char *word, char label[static LABEL_MAX])
{
	size_t n = strlen(word);

	if (line.n < n + 5 || memcmp(line.p, word, n) != 0 ||
	    memcmp(line.p + line.n - 5, "-----", 5) != 0)
		return false;
	return text_copy((struct text){ line.p + n, line.n - n - 5 }, label, LABEL_MAX);
}

/* What each character stands for; 64 for those that stand for nothing. */
static const uint8_t *
values(void)
{
	static uint8_t table[256];

	if (table[0] == 0) {
		memset(table, 64, sizeof table);
		for (uint8_t i = 0; i < 64; i++)
			table[(uint8_t)alphabet[i]] = i;
	}
	return table;
}

static bool
decode(struct text line, uint32_t *bits, unsigned *count, unsigned *padding, struct buf *out)
{
	const uint8_t *table = values();

	buf_room(out, line.n + 3);	/* with what the line before left over */
	for (size_t i = 0; i < line.n; i++) {
		uint8_t value = table[line.p[i]];

		if (line.p[i] == '=')
			++*padding;
		else if (value > 63 || *padding > 0)
			return false;
		*bits = *bits << 6 | (value & 63);
		if (++*count % 4 == 0) {
			out->p[out->n++] = (uint8_t)(*bits >> 16);
			out->p[out->n++] = (uint8_t)(*bits >> 8);
			out->p[out->n++] = (uint8_t)*bits;
		}
	}
	return true;
}

ptrdiff_t
armor_take(struct bytes in, char label[static LABEL_MAX], struct buf *out, struct fault *f)
{
	char end[LABEL_MAX];
	size_t at = 0;
	struct text line;
	uint32_t bits = 0;
	unsigned count = 0, padding = 0;

	do
		if (!take_line(in, &at, &line))
			return 0;
	while (!is_boundary(line, "-----BEGIN ", label));
	buf_wipe(out);
	for (;;) {
		if (!take_line(in, &at, &line))
			return 0;
		if (is_boundary(line, "-----END ", end))
			break;
		if (!decode(line, &bits, &count, &padding, out))
			return fault_request(f, NULL, "%s: not base64", label), -1;
	}
	if (strcmp(label, end) != 0)
		return fault_request(f, NULL, "begins as %s, ends as %s", label, end), -1;
	if (count % 4 != 0 || padding > 2 || (bits & ((1u << 8 * padding) - 1)) != 0)
		return fault_request(f, NULL, "%s: not base64", label), -1;
	out->n -= padding;
	return (ptrdiff_t)at;
}
