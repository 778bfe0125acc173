/* SPDX-License-Identifier: Apache-2.0 */
/* plc-revoke - revoke platform credentials, or lift a hold */
#include "base/cli.h"
#include "base/die.h"
#include "role/ledger.h"
#include "role/m2mes.h"
#include "wire/stream.h"

static const char *ledger, *reason_word;
static char **serials;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The equipment supplier's ledger", "FILE" },
	{ "reason", 'r', POPT_ARG_STRING, &reason_word, 0,
	    "Why: keyCompromise, ... (RFC 5280 5.3.1)", "WORD" },
	{ "serial", 's', POPT_ARG_ARGV, &serials, 0,
	    "By serial number, not certificate (repeatable)", "HEX" },
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_PROGRESS,
	CLI_END
};

struct revoking {
	struct store *ledger;
	unsigned reason;
};

static bool
revoke(const struct item *item, void *context, struct fault *f)
{
	struct revoking *r = context;
	struct cert plc;
	bool ok;

	if (item->label == NULL || strcmp(item->label, "CERTIFICATE") != 0)
		return item_unwanted(item, "a CERTIFICATE block", f);
	if (!cert_read(item->bytes, &plc, NULL, f))
		return false;
	ok = m2mes_revoke(r->ledger, cert_serial(&plc), item->bytes, r->reason, cli_clock(), f);
	cert_free(&plc);
	return ok;
}

/* All of them, or none. */
static int
revoke_serials(struct revoking *r)
{
	struct buf serial = { 0 };
	struct fault f;

	store_begin(r->ledger);
	for (char **s = serials; *s != NULL; s++) {
		serial.n = 0;
		if (!hex_read(&serial, text_of(*s)) || serial.n == 0)
			die_request("--serial: needs an even number of hex digits, has '%s'", *s);
		if (!m2mes_revoke(r->ledger, buf_bytes(&serial), (struct bytes){ 0 }, r->reason,
		    cli_clock(), &f))
			die_fault(&f);
	}
	store_commit(r->ledger);
	return STATUS_DONE;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct revoking r;

	cli_require(reason_word, "--reason");
	if (!reason_read(reason_word, &r.reason))
		die_request("--reason: needs a word of RFC 5280 5.3.1, has '%s'", reason_word);
	if (serials != NULL && *files != NULL)
		die_request("needs either --serial or certificates; see %s --help", progname);
	r.ledger = ledger_open(ledger);
	if (serials != NULL)
		return revoke_serials(&r);
	return stream_run(files, revoke, &r, store_guard(r.ledger));
}
