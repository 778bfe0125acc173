/* SPDX-License-Identifier: Apache-2.0 */
/* osmo-tuak-time - nanoseconds for a vector of TUAK, ours and libosmocore's: built only where that has it, as of 1.11 */
#include <osmocom/crypt/auth.h>

#include "base/die.h"
#include "crypto/aka.h"
#include "crypto/tuak.h"
#include "timing.h"
#include "wire/record.h"

static struct osmo_sub_auth_data2 sub = {
	.type = OSMO_AUTH_TYPE_UMTS, .algo = OSMO_AUTH_ALG_TUAK,
	.u.umts = { .opc = { 2 }, .opc_len = TUAK_TOPC, .k_len = AKA_KEY, .amf = { 0x80 } },
};
static struct aka_keys keys = { .algorithm = AKA_TUAK, .k = sub.u.umts.k, .k_n = AKA_KEY,
    .opc = sub.u.umts.opc, .iterations = 1, .res_n = 8 };
static const uint8_t rnd[AKA_RAND] = { 3 };
static struct aka_vector v;

static void
ours(void)
{
	memcpy(v.rand, rnd, sizeof v.rand);
	sub.u.umts.k[0]++;
	aka_vector(&keys, sub.u.umts.sqn, sub.u.umts.amf, &v);
}

static struct osmo_auth_vector their;

static void
theirs(void)
{
	their.res_len = 8;
	sub.u.umts.k[0]++;
	if (osmo_auth_gen_vec2(&their, &sub, rnd) < 0)
		die_world("libosmocore makes no vector");
}

/* Of one key and SQN, the same vector. */
static void
compare(void)
{
	theirs();
	sub.u.umts.k[0]--;
	ours();
	if (memcmp(their.autn, v.autn, sizeof v.autn) != 0 ||
	    memcmp(their.res, v.res, keys.res_n) != 0 || memcmp(their.ck, v.ck, AKA_KEY) != 0 ||
	    memcmp(their.ik, v.ik, AKA_KEY) != 0)
		die_world("libosmocore makes another vector");
}

int
main(void)
{
	static const struct technique techniques[] = {
		{ "ours", ours, 1 }, { "libosmocore", theirs, 1 }
	};

	compare();
	time_in_turn(techniques, COUNT(techniques));
	return fflush(stdout) == 0 ? 0 : 3;
}
