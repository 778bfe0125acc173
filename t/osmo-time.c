/* SPDX-License-Identifier: Apache-2.0 */
/* osmo-time - nanoseconds for a vector of MILENAGE, ours and libosmocore's: built only where it is installed */
#include <osmocom/crypt/auth.h>

#include "base/die.h"
#include "crypto/aka.h"
#include "timing.h"
#include "wire/record.h"

enum { SEVERAL = 5 };

static struct osmo_sub_auth_data sub = { .type = OSMO_AUTH_TYPE_UMTS, .algo = OSMO_AUTH_ALG_MILENAGE };
static struct aka_keys keys = { .algorithm = AKA_MILENAGE, .k = sub.u.umts.k, .k_n = AKA_KEY,
    .opc = sub.u.umts.opc };
static const uint8_t rnd[AKA_RAND] = { 3 };

static void
vectors(int n)
{
	struct aka_vector v;

	memcpy(v.rand, rnd, sizeof v.rand);
	sub.u.umts.k[0]++;
	for (int i = 0; i < n; i++)
		aka_vector(&keys, 32 * (uint64_t)(i + 1), sub.u.umts.amf, &v);
}

static void one(void) { vectors(1); }
static void several(void) { vectors(SEVERAL); }

static void
theirs(void)
{
	struct osmo_auth_vector v = { .res_len = 8 };

	sub.u.umts.k[0]++;
	if (osmo_auth_gen_vec(&v, &sub, rnd) < 0)
		die_world("libosmocore makes no vector");
}

int
main(void)
{
	static const struct technique techniques[] = {
		{ "one", one, 1 }, { "of-five", several, SEVERAL }, { "libosmocore", theirs, 1 }
	};

	keys.constants = milenage_standard;
	time_in_turn(techniques, COUNT(techniques));
	return fflush(stdout) == 0 ? 0 : 3;
}
