/* SPDX-License-Identifier: Apache-2.0 */
/* lines.h - the tables of t/vectors for the helpers in C: a case a line, fields of hex, # comments */
#ifndef LINES_H
#define LINES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/die.h"

enum { FIELDS = 12 };

/* The next line of standard input, cut at its spaces; how many fields, 0 at the end. */
static inline size_t
next_case(char *field[static FIELDS])
{
	static char *line;
	static size_t size;
	size_t n = 0;

	do
		if (getline(&line, &size, stdin) == -1)
			return 0;
	while (*line == '#' || *line == '\n');
	for (char *word = strtok(line, " \n"); word != NULL && n < FIELDS; word = strtok(NULL, " \n"))
		field[n++] = word;
	return n;
}

/* What the digits spell, kept as long as the process; "-": no bytes. */
static inline struct bytes
unhex(const char *digits)
{
	struct buf b = { 0 };

	if (strcmp(digits, "-") != 0 && !hex_read(&b, text_of(digits)))
		die_request("needs hex, has '%s'", digits);
	buf_room(&b, 1);
	return buf_bytes(&b);
}

static inline const uint8_t *
unhex_n(const char *digits, size_t n)
{
	struct bytes b = unhex(digits);

	if (b.n != n)
		die_request("needs %zu bytes, has '%s'", n, digits);
	return b.p;
}

static inline void
put_hex(struct bytes s)
{
	for (size_t i = 0; i < s.n; i++)
		printf("%02x", s.p[i]);
}

#endif
