/* SPDX-License-Identifier: Apache-2.0 */
/* sho-authorize - allow the DPF to provision a device, or a MID to be deleted in it */
#include "base/cli.h"
#include "base/die.h"
#include "crypto/plc.h"
#include "role/ledger.h"
#include "role/sho_case.h"
#include "role/sho_delete.h"

static const char *ledger, *key, *cert, *trust, *validity, *scope = "install";

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The operator's ledger", "FILE" },
	CLI_KEY(key, "The operator's key"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its certificate, role SHO", "PEM" },
	{ "trust", 't', POPT_ARG_STRING, &trust, 0, "Anchors", "PEM" },
	{ "scope", 's', POPT_ARG_STRING, &scope, 0, "install, update or delete (install)", "WORD" },
	{ "validity", 0, POPT_ARG_STRING, &validity, 0, "Seconds the authorization holds (86400)",
	  "SECONDS" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

struct authorizing {
	struct store *ledger;
	struct signer us;
	struct sho_intake intake;
	uint64_t scope, validity;
};

/* A registration waits; the verdict that follows decides it. */
static bool
authorize(const struct item *item, void *context, struct fault *f)
{
	static struct buf out;
	struct authorizing *a = context;

	stream_expect(item_is(item, &verdict_record) ? NULL : "verdict/1");
	if (!sho_take(&a->intake, item, cli_clock(), f))
		return false;
	if (!item_is(item, &verdict_record))
		return true;
	out.n = 0;
	if (!sho_authorize(a->ledger, &a->intake.c, a->scope, &a->us, cli_clock(), a->validity,
		&out, f))
		return false;
	stream_put_encoded(buf_bytes(&out));
	return true;
}

/* Of a MID that its device reported. */
static bool
authorize_deletion(const struct item *item, void *context, struct fault *f)
{
	static struct buf out;
	struct authorizing *a = context;
	struct report report;
	struct cert tre = { 0 };
	struct plc plc;
	bool ok;

	if (!signed_take(item, &report_record, a->intake.anchors, cli_clock(), &report, &tre, f))
		return false;
	out.n = 0;
	ok = plc_of(&tre, &plc, "report.protected.x5chain", f) &&
	    sho_delete(a->ledger, &report, (struct bytes){ plc.ueid, plc.ueid_n }, &a->us, cli_clock(),
		a->validity, &out, f);
	cert_free(&tre);
	if (ok)
		stream_put_encoded(buf_bytes(&out));
	return ok;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct authorizing a;

	if ((a.scope = choice_of(&operations, text_of(scope))) == 0)
		die_request("--scope: '%s' is none of its choices; see %s --help", scope, progname);
	a.validity = cli_number("--validity", validity, 1, 86400 * 366, 86400);
	signer_load(&a.us, key, cert, ROLE_SHO);
	a.intake.anchors = trust_load("--trust", trust);
	a.ledger = ledger_make(ledger);
	return stream_run(files, a.scope == OPERATION_DELETE ? authorize_deletion : authorize, &a,
	    store_guard(a.ledger));
}
