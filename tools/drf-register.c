/* SPDX-License-Identifier: Apache-2.0 */
/* drf-register - register a referred M2ME with its operator */
#include "base/cli.h"
#include "role/drf.h"
#include "role/ledger.h"

static const char *ledger, *key, *cert, *trust, *validity;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The registration operator's ledger",
	  "FILE" },
	CLI_KEY(key, "The registration operator's key"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its certificate, role RO", "PEM" },
	{ "trust", 't', POPT_ARG_STRING, &trust, 0, "Anchors", "PEM" },
	{ "validity", 0, POPT_ARG_STRING, &validity, 0, "Seconds the registration holds (86400)",
	  "SECONDS" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

struct registering {
	struct store *ledger;
	struct signer ro;
	struct trust *anchors;
	uint64_t validity;
};

static bool
register_one(const struct item *item, void *context, struct fault *f)
{
	static struct buf registration;
	struct registering *r = context;
	struct referral referral;

	registration.n = 0;
	if (!signed_take(item, &referral_record, r->anchors, cli_clock(), &referral, NULL, f) ||
	    !drf_register(r->ledger, &referral, item->bytes, &r->ro, cli_clock(), r->validity,
		&registration, f))
		return false;
	stream_put_encoded(buf_bytes(&registration));
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct registering r;

	r.validity = cli_number("--validity", validity, 1, 86400 * 366, 86400);
	signer_load(&r.ro, key, cert, ROLE_RO);
	r.anchors = trust_load("--trust", trust);
	r.ledger = ledger_open(ledger);
	return stream_run(files, register_one, &r, store_guard(r.ledger));
}
