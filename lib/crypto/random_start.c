/* SPDX-License-Identifier: Apache-2.0 */
#define OPENSSL_SUPPRESS_DEPRECATED	/* RAND_METHOD: nothing else reaches every draw */
#include "crypto/random.h"

#include <openssl/rand.h>

#include "base/cli.h"
#include "base/die.h"
#include "crypto/openssl.h"

static int
always_ready(void)
{
	return 1;
}

void
random_start(void)
{
	static const RAND_METHOD replay = {
		.bytes = random_replay, .pseudorand = random_replay, .status = always_ready
	};

	random_draw_from(RAND_bytes);
	if (cli_random != NULL && RAND_get_rand_method() != &replay &&
	    RAND_set_rand_method(&replay) != 1)
		die_world("--random: cannot replace the random number generator");
}
