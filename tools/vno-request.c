/* SPDX-License-Identifier: Apache-2.0 */
/* vno-request - ask the registration operator for an identity's authentication vectors */
#include "base/cli.h"
#include "base/die.h"
#include "crypto/random.h"
#include "msg/attach.h"
#include "msg/pcid.h"
#include "wire/stream.h"

static const char *plmn, *count, *kind = "umts", *network;

static const struct poptOption options[] = {
	{ "plmn", 'p', POPT_ARG_STRING, &plmn, 0, "PLMN of this network: 001-01", "MCC-MNC" },
	{ "count", 'n', POPT_ARG_STRING, &count, 0, "How many vectors (1)", "N" },
	{ "kind", 'k', POPT_ARG_STRING, &kind, 0,
	  "Kind: umts, gsm, eps, 5g-he, 5g-se or eap-aka-prime (umts)", "KIND" },
	{ "network", 0, POPT_ARG_STRING, &network, 0,
	  "Access network that eap-aka-prime is bound to: WLAN",
	  "NAME" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

/* Who attaches; or, after a synchronisation failure, what the card sent (TS 33.102 6.3.5). */
static bool
occasion(const struct item *item, struct av_request *a, struct fault *f)
{
	struct attach_request attach;
	struct auth_response response;

	if (item_is(item, &attach_request_record)) {
		if (!item_decode(item, &attach_request_record, &attach, f))
			return false;
		a->identity = attach.identity;
		return true;
	}
	if (!item_is(item, &auth_response_record))
		return item_unwanted(item, "attach-request/1 or auth-response/1", f);
	if (!item_decode(item, &auth_response_record, &response, f))
		return false;
	if (response.auts.p == NULL)
		return fault_request(f, "auth-response.auts",
		    "is missing: nothing to resynchronise");
	a->identity = response.identity;
	a->rand = response.rand;
	a->auts = response.auts;
	return true;
}

static bool
request(const struct item *item, void *context, struct fault *f)
{
	struct av_request a = *(const struct av_request *)context;
	uint8_t id[REQUEST_ID];

	if (!occasion(item, &a, f))
		return false;
	random_bytes(id, sizeof id);
	a.request = BYTES(id);
	stream_put(&av_request_record, &a);
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct av_request a = {
		.kind = choice_of(&av_kinds, text_of(kind)), .plmn = text_of(plmn),
		.network = text_of(network),
	};
	struct fault f;

	cli_require(plmn, "--plmn");
	if (!plmn_check(a.plmn, "--plmn", &f))
		die_fault(&f);
	if (a.kind == 0)
		die_request("--kind: '%s' is none of its choices; see %s --help", kind, progname);
	if (!vector_binding(a.kind, a.plmn, a.network, true, &f))
		die_fault(&f);
	a.count = cli_number("--count", count, 1,
	    a.kind == AV_5G_HE || a.kind == AV_5G_SE ? 1 : VECTORS_MAX, 1);
	return stream_run(files, request, &a, NULL);
}
