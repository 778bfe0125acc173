/* SPDX-License-Identifier: Apache-2.0 */
/* mid-wrap - seal a MID to the key of the device that was validated */
#include "base/cli.h"
#include "base/die.h"
#include "role/ledger.h"
#include "role/sho_case.h"

static const char *ledger, *key, *cert, *trust, *validity;
static int prepare, cms;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The operator's ledger", "FILE" },
	CLI_KEY(key, "The operator's key"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its certificate, role SHO", "PEM" },
	{ "trust", 't', POPT_ARG_STRING, &trust, 0, "Anchors", "PEM" },
	{ "prepare", 'p', POPT_ARG_NONE, &prepare, 0, "Ahead of time: no registration, an old verdict",
	  NULL },
	{ "cms", 0, POPT_ARG_NONE, &cms, 0, "Write CMS in place of COSE", NULL },
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
	struct mid mid;

	if (w->intake.c.verdict.eat_nonce.p == NULL)
		return stream_lacks(prepare ? "a verdict before the mid" :
		    "a registration and a verdict before the mid", f);
	out.n = 0;
	if (!item_decode(item, &mid_record, &mid, f) ||
	    !sho_wrap(w->ledger, &w->intake.c, &mid, item->bytes, &w->us, cli_clock(), w->validity,
		&out, f))
		return false;
	if (cms)
		stream_put_pem("CMS", buf_bytes(&out));
	else
		stream_put_encoded(buf_bytes(&out));
	if (prepare)	/* a verdict for each: one that is missing shifts nothing */
		memset(&w->intake.c.verdict, 0, sizeof w->intake.c.verdict);
	return true;
}

/* Registration and verdict wait; the MID that follows is sealed for their device. */
static bool
wrap(const struct item *item, void *context, struct fault *f)
{
	struct wrapping *w = context;

	stream_expect(item_is(item, &mid_record) ? NULL : "mid/1");
	if (!item_is(item, &mid_record) && !item_is(item, &registration_record) &&
	    !item_is(item, &verdict_record))
		return item_unwanted(item, "registration/1, verdict/1 or mid/1", f);
	return item_is(item, &mid_record) ? seal(w, item, f) : sho_take(&w->intake, item, cli_clock(), f);
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct wrapping w;

	w.validity = cli_number("--validity", validity, 1, 86400 * 366, 86400 * 7);
	signer_load(&w.us, key, cert, ROLE_SHO);
	w.intake.c.ahead = prepare;
	w.intake.c.cms = cms;
	w.intake.anchors = trust_load("--trust", trust);
	w.ledger = ledger_open(ledger);
	return stream_run(files, wrap, &w, store_guard(w.ledger));
}
