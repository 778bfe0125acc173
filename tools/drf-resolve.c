/* SPDX-License-Identifier: Apache-2.0 */
/* drf-resolve - refer an M2ME to its operator */
#include "base/cli.h"
#include "role/drf.h"
#include "role/ledger.h"

static const char *ledger, *key, *cert, *validity;
static int renew;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The registration operator's ledger",
	  "FILE" },
	CLI_KEY(key, "The registration operator's key"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its certificate, role RO", "PEM" },
	{ "renew", 0, POPT_ARG_NONE, &renew, 0, "Refer to the registration operator, for a new PCID",
	  NULL },
	{ "validity", 0, POPT_ARG_STRING, &validity, 0, "Seconds the referral holds (3600)",
	  "SECONDS" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

struct resolving {
	struct store *ledger;
	struct signer ro;
	uint64_t validity;
};

static bool
resolve(const struct item *item, void *context, struct fault *f)
{
	static struct buf referral;
	struct resolving *r = context;
	struct attach_request a;
	struct referral answer;

	if (!item_decode(item, &attach_request_record, &a, f) ||
	    !drf_resolve(r->ledger, &a, renew, &r->ro, cli_clock(), r->validity, &answer, f))
		return false;
	referral.n = 0;
	signed_encode(&r->ro, &referral_record, &answer, &referral);
	stream_put_encoded(buf_bytes(&referral));
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct resolving r;

	r.validity = cli_number("--validity", validity, 1, 86400 * 366, 3600);
	signer_load(&r.ro, key, cert, ROLE_RO);
	r.ledger = ledger_open(ledger);
	return stream_run(files, resolve, &r, store_guard(r.ledger));
}
