/* SPDX-License-Identifier: Apache-2.0 */
#define OPENSSL_SUPPRESS_DEPRECATED	/* RAND_METHOD: nothing else reaches every draw */
#include "crypto/random.h"

#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/cli.h"
#include "base/die.h"

enum { BLOCK = 4096, SMALL = 64 };

static uint8_t block[BLOCK];
static size_t left;	/* bytes not yet handed out, at the end of block */

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
	if (RAND_bytes(block, BLOCK) != 1)
		die_world("the random number generator failed");
	left = BLOCK;
}

/* One reader for all who draw, so that the order of draws is the order of bytes. */
static void
from_file(uint8_t *p, size_t n)
{
	static FILE *f;

	if (f == NULL && (f = fopen(cli_random, "re")) == NULL)
		die_errno("--random: cannot open '%s'", cli_random);
	if (fread(p, 1, n, f) == n)
		return;
	if (ferror(f))
		die_errno("--random: cannot read '%s'", cli_random);
	die_world("--random: '%s' is used up", cli_random);
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
		explicit_bzero(from, part);
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
		from_file(p, n);
	/* A run that needs one number is spared the start of OpenSSL's generator. */
	else if (!first || n > SMALL || getrandom(p, n, 0) != (ssize_t)n)
		from_block(p, n);
}

static int
draw(unsigned char *p, int n)
{
	from_file(p, (size_t)n);
	return 1;
}

static int
always_ready(void)
{
	return 1;
}

void
random_start(void)
{
	static const RAND_METHOD replay = {
		.bytes = draw, .pseudorand = draw, .status = always_ready
	};

	if (cli_random != NULL && RAND_get_rand_method() != &replay &&
	    RAND_set_rand_method(&replay) != 1)
		die_world("--random: cannot replace the random number generator");
}
