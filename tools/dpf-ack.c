/* SPDX-License-Identifier: Apache-2.0 */
/* dpf-ack - acknowledge reports that were passed on, to their devices */
#include "base/cli.h"
#include "role/dpf_ack.h"
#include "role/ledger.h"

static const char *ledger, *key, *cert, *trust;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The registration operator's ledger",
	  "FILE" },
	CLI_KEY(key, "The DPF's key"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its certificate, role DPF", "PEM" },
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
	struct report report;

	ack.n = 0;
	if (!signed_take(item, &report_record, a->anchors, cli_clock(), &report, NULL, f) ||
	    !dpf_ack(a->ledger, &report, item->bytes, &a->us, cli_clock(), &ack, f))
		return false;
	stream_put_encoded(buf_bytes(&ack));
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct acknowledging a;

	signer_load(&a.us, key, cert, ROLE_DPF);
	a.anchors = trust_load("--trust", trust);
	a.ledger = ledger_open(ledger);
	return stream_run(files, acknowledge, &a, store_guard(a.ledger));
}
