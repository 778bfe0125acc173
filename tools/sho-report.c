/* SPDX-License-Identifier: Apache-2.0 */
/* sho-report - note that a device has the new credential of its MID */
#include "base/cli.h"
#include "crypto/plc.h"
#include "role/ledger.h"
#include "role/successor.h"

static const char *ledger, *trust;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The operator's ledger", "FILE" },
	{ "trust", 't', POPT_ARG_STRING, &trust, 0, "Anchors of equipment suppliers", "PEM" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_PROGRESS,
	CLI_END
};

struct noting {
	struct store *ledger;
	struct trust *anchors;
};

static bool
note(const struct item *item, void *context, struct fault *f)
{
	struct noting *n = context;
	struct report report;
	struct cert tre;
	struct plc plc;
	bool ok;

	if (!signed_take(item, &report_record, n->anchors, cli_clock(), &report, &tre, f))
		return false;
	ok = plc_of(&tre, &plc, "report.protected.x5chain", f) &&
	    successor_report(n->ledger, &report, (struct bytes){ plc.ueid, plc.ueid_n },
		cli_clock(), f);
	cert_free(&tre);
	return ok;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct noting n;

	n.anchors = trust_load("--trust", trust);
	n.ledger = ledger_open(ledger);
	return stream_run(files, note, &n, store_guard(n.ledger));
}
