/* SPDX-License-Identifier: Apache-2.0 */
/* osmo-time - nanoseconds for a vector of MILENAGE, ours and libosmocore's: built only where it is installed */
#include <osmocom/crypt/auth.h>

#include "base/die.h"
#include "crypto/milenage.h"
#include "timing.h"
#include "wire/record.h"

static struct osmo_sub_auth_data sub = { .type = OSMO_AUTH_TYPE_UMTS, .algo = OSMO_AUTH_ALG_MILENAGE };
static const uint8_t rnd[16] = { 3 };

static void
ours(void)
{
	static const uint8_t sqn[6];
	const struct milenage m = { sub.u.umts.k, sub.u.umts.opc, &milenage_standard };
	struct milenage_out o;

	sub.u.umts.k[0]++;
	milenage(&m, rnd, sqn, sub.u.umts.amf, 0, &o);
}

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
	static const struct technique techniques[] = { { "ours", ours, 1 }, { "libosmocore", theirs, 1 } };

	time_in_turn(techniques, COUNT(techniques));
	return fflush(stdout) == 0 ? 0 : 3;
}
