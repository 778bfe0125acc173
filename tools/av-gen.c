/* SPDX-License-Identifier: Apache-2.0 */
/* av-gen - make authentication vectors from credentials, without state */
#include "base/cli.h"
#include "base/die.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "msg/pcid.h"
#include "msg/subscriber.h"
#include "msg/vector.h"
#include "wire/stream.h"

static const char *count, *kind = "umts", *plmn, *network;

static const struct poptOption options[] = {
	{ "count", 'n', POPT_ARG_STRING, &count, 0, "How many vectors for each credential (1)",
	  "N" },
	{ "kind", 'k', POPT_ARG_STRING, &kind, 0,
	  "Kind: umts, gsm, eps, 5g-he, 5g-se or eap-aka-prime (umts)", "KIND" },
	{ "plmn", 'p', POPT_ARG_STRING, &plmn, 0,
	  "Serving network that eps and 5g are bound to: 001-01",
	  "MCC-MNC" },
	{ "network", 0, POPT_ARG_STRING, &network, 0,
	  "Access network that eap-aka-prime is bound to: WLAN",
	  "NAME" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

struct generating {
	struct av av;		/* what all have in common; the rest is filled in for each */
	uint64_t count;
};

static bool
generate(const struct item *item, void *context, struct fault *f)
{
	struct generating *g = context;
	struct credential c;
	struct vector v;
	unsigned ind_bits;

	if (!subscriber_take(item, &g->av.identity, &c, f))
		return false;
	ind_bits = credential_ind_bits(&c);
	if (c.sqn > AKA_SQN_MAX - ((g->count - 1) << ind_bits))
		return fault_refuse(f, "sqn-exhausted", "sqn", "has no room for as many vectors");
	for (uint64_t i = 0; i < g->count; i++) {
		random_bytes(v.aka.rand, sizeof v.aka.rand);
		vector_make(&c, c.sqn + (i << ind_bits), &v, &g->av);
		stream_put(&av_record, &g->av);
	}
	secret_wipe(&v, sizeof v);
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct generating g = {
		.av = {
			.kind = choice_of(&av_kinds, text_of(kind)), .plmn = text_of(plmn),
			.network = text_of(network),
		},
		.count = cli_number("--count", count, 1, 1000, 1),
	};
	struct fault f;

	if (g.av.kind == 0)
		die_request("--kind: '%s' is none of its choices; see %s --help", kind, progname);
	if ((plmn != NULL && !plmn_check(g.av.plmn, "--plmn", &f)) ||
	    !vector_binding(g.av.kind, g.av.plmn, g.av.network, true, &f))
		die_fault(&f);
	if (g.av.kind == AV_UMTS || g.av.kind == AV_GSM || g.av.kind == AV_EAP_AKA_PRIME)
		g.av.plmn = (struct text){ 0 };
	if (g.av.kind != AV_EAP_AKA_PRIME)
		g.av.network = (struct text){ 0 };
	random_start();
	return stream_run(files, generate, &g, NULL);
}
