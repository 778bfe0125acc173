/* SPDX-License-Identifier: Apache-2.0 */
/* dpf-report - check a TRE's report, note it and pass it on to the operator */
#include "base/cli.h"
#include "crypto/plc.h"
#include "role/dpf_release.h"
#include "role/ledger.h"

static const char *ledger, *trust, *key, *cert;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The registration operator's ledger",
	  "FILE" },
	{ "trust", 't', POPT_ARG_STRING, &trust, 0, "Anchors of equipment suppliers", "PEM" },
	CLI_KEY(key, "The DPF's key, to release devices"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its certificate, role DPF", "PEM" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

struct reporting {
	struct store *ledger;
	struct trust *anchors;
	struct signer us;
};

/* A report that may be passed on is passed on; one that names the old operator is not. */
static bool
pass(struct reporting *r, const struct report *report, struct bytes ueid, struct bytes encoded,
    struct fault *f)
{
	static struct buf release;

	if (report->result != RESULT_DISCARDED) {
		if (!dpf_report(r->ledger, report, ueid, encoded, cli_clock(), f))
			return false;
		stream_put_encoded(encoded);
		return true;
	}
	if (key == NULL)
		return fault_request(f, NULL, "needs --key and --cert to release a device");
	release.n = 0;
	if (!dpf_release(r->ledger, report, ueid, encoded, r->anchors, &r->us, cli_clock(), &release, f))
		return false;
	stream_put_encoded(buf_bytes(&release));
	return true;
}

static bool
note(struct reporting *r, const struct report *report, const struct cert *tre, struct bytes encoded,
    struct fault *f)
{
	struct plc plc;

	return signed_in_time("report", report->iat, 0, cli_clock(), f) &&
	    plc_of(tre, &plc, "report.protected.x5chain", f) &&
	    pass(r, report, (struct bytes){ plc.ueid, plc.ueid_n }, encoded, f);
}

static bool
take_report(const struct item *item, void *context, struct fault *f)
{
	struct reporting *r = context;
	struct report report;
	struct cert tre;
	bool ok;

	if (!signed_take(item, &report_record, r->anchors, cli_clock(), &report, &tre, f))
		return false;
	ok = note(r, &report, &tre, item->bytes, f);
	cert_free(&tre);
	return ok;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct reporting r;

	if (key != NULL || cert != NULL)
		signer_load(&r.us, key, cert, ROLE_DPF);
	r.anchors = trust_load("--trust", trust);
	r.ledger = ledger_open(ledger);
	return stream_run(files, take_report, &r, store_guard(r.ledger));
}
