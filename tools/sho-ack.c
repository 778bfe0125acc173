/* SPDX-License-Identifier: Apache-2.0 */
/* sho-ack - take back MIDs that devices have erased, and acknowledge it */
#include "base/cli.h"
#include "crypto/plc.h"
#include "role/ledger.h"
#include "role/sho_ack.h"

static const char *ledger, *key, *cert, *trust;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The operator's ledger", "FILE" },
	CLI_KEY(key, "The operator's key"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its certificate, role SHO", "PEM" },
	{ "trust", 't', POPT_ARG_STRING, &trust, 0, "Anchors of equipment suppliers", "PEM" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

struct acknowledging {
	struct store *ledger;
	struct signer us;
	struct trust *anchors;
};

static bool
acknowledge(const struct item *item, void *context, struct fault *f)
{
	static struct buf ack;
	struct acknowledging *a = context;
	struct discard d;
	struct cert tre = { 0 };
	struct plc plc;
	bool ok;

	if (!signed_take(item, &discard_record, a->anchors, cli_clock(), &d, &tre, f))
		return false;
	ack.n = 0;
	ok = plc_of(&tre, &plc, "discard.protected.x5chain", f) &&
	    sho_ack(a->ledger, &d, (struct bytes){ plc.ueid, plc.ueid_n }, item->bytes, &a->us,
		cli_clock(), &ack, f);
	cert_free(&tre);
	if (ok)
		stream_put_encoded(buf_bytes(&ack));
	return ok;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct acknowledging a;

	signer_load(&a.us, key, cert, ROLE_SHO);
	a.anchors = trust_load("--trust", trust);
	a.ledger = ledger_open(ledger);
	return stream_run(files, acknowledge, &a, store_guard(a.ledger));
}
