/* SPDX-License-Identifier: Apache-2.0 */
/* us-order - order devices to change, activate or delete a MID */
#include "base/cli.h"
#include "base/die.h"
#include "base/plain.h"
#include "msg/claims.h"
#include "msg/inventory.h"
#include "msg/mid.h"
#include "role/ledger.h"
#include "role/us.h"

static const char *ledger, *key, *cert, *what, *sho, *mid, *former, *wait_seconds, *validity;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The owner's ledger", "FILE" },
	CLI_KEY(key, "The owner's key"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its certificate, role US", "PEM" },
	{ "order", 'o', POPT_ARG_STRING, &what, 0, "re-provision, activate or delete", "WORD" },
	{ "sho", 's', POPT_ARG_STRING, &sho, 0, "The operator to change to, or of the MID", "NAME" },
	{ "mid", 'm', POPT_ARG_STRING, &mid, 0, "The MID to activate or delete", "ID" },
	{ "former", 0, POPT_ARG_STRING, &former, 0,
	  "activate: leave the one that was active inactive or discarded (inactive)", "WORD" },
	{ "wait", 0, POPT_ARG_STRING, &wait_seconds, 0,
	  "re-provision: Seconds to wait for the old operator (86400)", "SECONDS" },
	{ "validity", 0, POPT_ARG_STRING, &validity, 0, "Seconds the order holds (604800)", "SECONDS" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

struct ordering {
	struct store *ledger;
	struct signer us;
	struct order wanted;
	uint64_t validity;
};

static bool
order(const struct item *item, void *context, struct fault *f)
{
	static struct buf out;
	struct ordering *o = context;
	struct inventory device;

	if (!item_decode(item, &inventory_record, &device, f))
		return false;
	o->wanted.ueid = device.ueid;
	out.n = 0;
	if (!us_order(o->ledger, &o->wanted, &o->us, cli_clock(), o->validity, &out, f))
		return false;
	stream_put_encoded(buf_bytes(&out));
	return true;
}

static uint64_t
choose(const char *option, const char *word, const struct choices *choices)
{
	uint64_t choice = choice_of(choices, text_of(word));

	if (choice == 0)
		die_request("%s: '%s' is none of its choices; see us-order --help", option, word);
	return choice;
}

static struct text
name(const char *option, const char *value, size_t most)
{
	struct text t = text_of(value);

	if (value != NULL && (t.n == 0 || t.n > most || !text_plain(t)))
		die_request("%s: needs 1 to %zu bytes of text", option, most);
	return t;
}

/* What the order lacks or has too much is a fault of the options, before any device is read. */
static struct order
read_options(void)
{
	struct order o = { .sho = name("--sho", sho, NAME_BYTES), .mid = name("--mid", mid, MID_ID_MAX) };
	struct fault f;

	cli_require(what, "--order");
	cli_require(sho, "--sho");
	o.what = choose("--order", what, &orders);
	if (former != NULL)
		o.former = choose("--former", former, &formers);
	o.wait = cli_number("--wait", wait_seconds, 1, ORDER_WAIT_MAX, 0);
	if (!order_claims_record.check(&o, &f))
		die_request("--%s: %s", f.where, f.fact);
	return o;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct ordering o;

	o.wanted = read_options();
	o.validity = cli_number("--validity", validity, 1, 86400 * 366, 86400 * 7);
	signer_load(&o.us, key, cert, ROLE_US);
	o.ledger = ledger_make(ledger);
	return stream_run(files, order, &o, store_guard(o.ledger));
}
