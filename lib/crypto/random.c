/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/random.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/cli.h"
#include "base/die.h"
#include "crypto/secret.h"

enum { BLOCK = 16 * 1024, SMALL = 64 };

static uint8_t block[BLOCK];
static size_t left;	/* bytes not yet handed out, at the end of block */

static int
from_kernel(unsigned char *p, int n)
{
	for (ssize_t got; n > 0; p += got, n -= (int)got)
		if ((got = getrandom(p, (size_t)n, 0)) == -1) {
			if (errno != EINTR)
				return 0;
			got = 0;
		}
	return 1;
}

static random_source *source = from_kernel;

static void
wipe(void)
{
	explicit_bzero(block, sizeof block);
	left = 0;
}

static void
refill(void)
{
	static bool guarded;

	if (!guarded) {
		guarded = true;
		atexit(wipe);
		pthread_atfork(NULL, NULL, wipe);	/* a child must not draw the same bytes */
	}
	if (source(block, BLOCK) != 1)
		die_world("the random number generator failed");
	left = BLOCK;
}

int
random_replay(unsigned char *p, int n)
{
	static FILE *f;

	if (f == NULL && (f = fopen(cli_random, "re")) == NULL)
		die_errno("--random: cannot open '%s'", cli_random);
	if (fread(p, 1, (size_t)n, f) == (size_t)n)
		return 1;
	if (ferror(f))
		die_errno("--random: cannot read '%s'", cli_random);
	die_world("--random: '%s' is used up", cli_random);
}

void
random_draw_from(random_source *other)
{
	source = other;
}

static void
from_block(uint8_t *p, size_t n)
{
	while (n > 0) {
		uint8_t *from;
		size_t part;

		if (left == 0)
			refill();
		from = block + BLOCK - left;
		part = n < left ? n : left;
		memcpy(p, from, part);
		secret_wipe(from, part);
		left -= part;
		p += part;
		n -= part;
	}
}

void
random_bytes(uint8_t *p, size_t n)
{
	static bool begun;
	bool first = !begun;

	begun = true;
	if (cli_random != NULL)
		random_replay(p, (int)n);
	/* A run that needs one number is spared the block, and the start of OpenSSL's generator. */
	else if (!first || n > SMALL || getrandom(p, n, 0) != (ssize_t)n)
		from_block(p, n);
}
