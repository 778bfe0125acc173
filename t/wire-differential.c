/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire-differential STEPS FILE... - reads random bytes and changed bytes of FILEs with
 * our reader and with libcbor, item by item, STEPS times; says where the two differ.
 *
 * Apart: tags 6 to 20, which libcbor 0.8 cannot read, and UTF-8, which its streaming
 * decoder does not look at; iconv(3) stands in for it.
 */
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "wire/reference.h"

enum {
	MOST = 4096, RANDOM = 48,
	SIMPLE = 0xf8	/* libcbor refuses it before it has seen the second byte */
};

static uint64_t state = 0x9e3779b97f4a7c15;	/* the same in every run */

static uint64_t
chance(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) % below;
}

static bool
is_utf8(const uint8_t *p, size_t n)
{
	static iconv_t cd;
	char *in = (char *)(uintptr_t)p, room[4 * MOST + 4], *out = room;
	size_t left = sizeof room;

	if (cd == NULL && (cd = iconv_open("UTF-32LE", "UTF-8")) == (iconv_t)-1)
		die_world("iconv does not know UTF-8");
	iconv(cd, NULL, NULL, NULL, NULL);
	return iconv(cd, &in, &n, &out, &left) != (size_t)-1 && n == 0;
}

static void
differs(struct wire w, const char *ours, const char *theirs)
{
	printf("ours: %s, libcbor: %s:", ours ? ours : "whole", theirs ? theirs : "whole");
	for (size_t i = w.at; i < w.in.n && i < w.at + 16; i++)
		printf(" %02x", w.in.p[i]);
	printf("\n");
	exit(1);
}

static bool
apart(const struct wire *w)
{
	return w->at < w->in.n && w->in.p[w->at] >= 0xc6 && w->in.p[w->at] <= 0xd4;
}

/* One item from each; false where there is none. */
static bool
step(struct wire *w)
{
	struct wire other = *w, before = *w;
	struct wire_item a = { 0 }, b = { 0 };
	const char *ours = wire_next(w, &a), *theirs;

	if (apart(&before)) {
		if (ours != NULL || a.type != WIRE_TAG || a.n != (before.in.p[before.at] & 31u))
			differs(before, ours, "not asked");
		return true;
	}
	theirs = reference_next(&other, &b);
	if (theirs == NULL && b.type == WIRE_TEXT && !is_utf8(b.p, b.n))
		theirs = "not UTF-8";
	if ((ours == NULL) != (theirs == NULL) ||
	    (ours == wire_truncated && theirs != wire_truncated && before.in.p[before.at] != SIMPLE))
		differs(before, ours, theirs);
	if (ours != NULL)
		return false;
	if (w->at != other.at || a.type != b.type || a.n != b.n ||
	    ((a.type == WIRE_TEXT || a.type == WIRE_BYTES) && a.p != b.p))
		differs(before, "another item", "this");
	return true;
}

static size_t
make_random(uint8_t *p)
{
	size_t n = chance(RANDOM) + 1;

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)chance(256);
	if (chance(2))	/* more heads than payloads: lengths stay short */
		p[0] = (uint8_t)(chance(8) << 5 | chance(16));
	return n;
}

static size_t
make_mutant(uint8_t *p, struct bytes from)
{
	size_t start = chance(from.n), n = from.n - start < MOST ? from.n - start : MOST;

	memcpy(p, from.p + start, n);
	for (uint64_t i = chance(8); i > 0; i--)
		p[chance(n)] = (uint8_t)chance(256);
	return n;
}

static void
read_into(struct buf *all, const char *path)
{
	FILE *in = fopen(path, "rb");
	size_t got;

	if (in == NULL)
		die_errno("cannot open '%s'", path);
	while ((got = fread(buf_room(all, 4096), 1, 4096, in)) > 0)
		all->n += got;
	fclose(in);
}

int
main(int argc, char *argv[])
{
	struct buf files = { 0 };
	unsigned long steps = 0, want, whole = 0;

	if (argc < 3)
		die_request("needs STEPS FILE...");
	want = strtoul(argv[1], NULL, 10);
	for (int i = 2; i < argc; i++)
		read_into(&files, argv[i]);
	while (steps < want) {
		uint8_t p[MOST];
		struct wire w = { { p, steps % 2 ? make_random(p) : make_mutant(p, buf_bytes(&files)) }, 0 };

		for (steps++; w.at < w.in.n && step(&w); steps++)
			whole++;
	}
	printf("%lu steps, %lu items\n", steps, whole);
	return fflush(stdout) == 0 ? 0 : 3;
}
