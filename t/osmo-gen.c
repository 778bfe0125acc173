/* SPDX-License-Identifier: Apache-2.0 */
/* osmo-gen FILE... - as av-gen, but the vectors are libosmocore's: built only where it is installed */
#include <osmocom/crypt/auth.h>

#include "base/cli.h"
#include "crypto/random.h"
#include "msg/attach.h"
#include "msg/subscriber.h"
#include "wire/stream.h"

static const struct poptOption options[] = { CLI_CHANCE, CLI_END };

static bool
generate(const struct item *item, void *context, struct fault *f)
{
	struct osmo_sub_auth_data sub = { .type = OSMO_AUTH_TYPE_UMTS, .algo = OSMO_AUTH_ALG_MILENAGE };
	struct osmo_auth_vector v = { .res_len = 8 };
	uint8_t rand[AKA_RAND];
	struct credential c;
	struct av av = { .kind = AV_UMTS };

	(void)context;
	if (!subscriber_take(item, &av.identity, &c, f))
		return false;
	memcpy(sub.u.umts.k, c.k.p, AKA_KEY);
	memcpy(sub.u.umts.opc, c.opc.p, AKA_KEY);
	memcpy(sub.u.umts.amf, c.amf.p, AKA_AMF);
	sub.u.umts.sqn = c.sqn - 1;	/* it counts up before it generates */
	random_bytes(rand, sizeof rand);
	if (osmo_auth_gen_vec(&v, &sub, rand) < 0)
		return fault_world(f, NULL, "libosmocore makes no vector");
	av.rand = BYTES(v.rand);
	av.autn = BYTES(v.autn);
	av.xres = (struct bytes){ v.res, v.res_len };
	av.ck = BYTES(v.ck);
	av.ik = BYTES(v.ik);
	stream_put(&av_record, &av);
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "FILE...", CLI_ANY);

	random_start();
	return stream_run(files, generate, NULL, NULL);
}
