/* SPDX-License-Identifier: Apache-2.0 */
/* pcid-wrap - seal a new PCID to the device whose PCID it takes the place of */
#include "base/cli.h"
#include "role/ledger.h"
#include "role/ro_renew.h"
#include "role/sho_case.h"

static const char *ledger, *key, *cert, *trust, *validity;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The registration operator's ledger",
	  "FILE" },
	CLI_KEY(key, "The registration operator's key"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its certificate, role RO", "PEM" },
	{ "trust", 't', POPT_ARG_STRING, &trust, 0, "Anchors", "PEM" },
	{ "validity", 0, POPT_ARG_STRING, &validity, 0, "Seconds the package holds (604800)",
	  "SECONDS" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

struct wrapping {
	struct store *ledger;
	struct signer us;
	struct sho_intake intake;
	uint64_t validity;
};

static bool
seal(struct wrapping *w, const struct item *item, struct fault *f)
{
	static struct buf out;
	struct pcid new;

	if (w->intake.c.verdict.eat_nonce.p == NULL)
		return stream_lacks("a registration and a verdict before the pcid", f);
	out.n = 0;
	if (!item_decode(item, &pcid_record, &new, f) ||
	    !ro_renew(w->ledger, &w->intake.c, &new, item->bytes, &w->us, cli_clock(), w->validity,
		&out, f))
		return false;
	stream_put_encoded(buf_bytes(&out));
	return true;
}

/* Registration and verdict wait; the PCID that follows is sealed for their device. */
static bool
wrap(const struct item *item, void *context, struct fault *f)
{
	struct wrapping *w = context;

	stream_expect(item_is(item, &pcid_record) ? NULL : "pcid/1");
	if (!item_is(item, &pcid_record) && !item_is(item, &registration_record) &&
	    !item_is(item, &verdict_record))
		return item_unwanted(item, "registration/1, verdict/1 or pcid/1", f);
	return item_is(item, &pcid_record) ? seal(w, item, f) :
	    sho_take(&w->intake, item, cli_clock(), f);
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct wrapping w;

	w.validity = cli_number("--validity", validity, 1, 86400 * 366, 86400 * 7);
	signer_load(&w.us, key, cert, ROLE_RO);
	w.intake.anchors = trust_load("--trust", trust);
	w.ledger = ledger_open(ledger);
	return stream_run(files, wrap, &w, store_guard(w.ledger));
}
