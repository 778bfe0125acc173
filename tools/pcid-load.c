/* SPDX-License-Identifier: Apache-2.0 */
/* pcid-load - take provisional connectivity identities into the registration operator's ledger */
#include "base/cli.h"
#include "base/die.h"
#include "msg/pcid.h"
#include "role/icf.h"
#include "role/ledger.h"

static const char *ledger;
static char **apns, **destinations;
static int dormant, allow_test_keys;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The registration operator's ledger",
	  "FILE" },
	{ "apn", 0, POPT_ARG_ARGV, &apns, 0, "Restrict connectivity to this APN (repeatable)",
	  "APN" },
	{ "destination", 0, POPT_ARG_ARGV, &destinations, 0,
	  "Restrict connectivity to this destination (repeatable)", "HOST" },
	{ "dormant", 0, POPT_ARG_NONE, &dormant, 0, "Load them not yet activated", NULL },
	{ "allow-test-keys", 0, POPT_ARG_NONE, &allow_test_keys, 0,
	  "Allow xor and keys known to all", NULL },
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_PROGRESS,
	CLI_END
};

struct loading {
	struct store *ledger;
	struct account account;
};

static bool
load(const struct item *item, void *context, struct fault *f)
{
	struct loading *l = context;
	struct pcid p;

	if (!item_decode(item, &pcid_record, &p, f))
		return false;
	if (p.not_after != 0 && p.not_after <= cli_clock())
		return fault_refuse(f, "expired", "pcid.not_after", "has passed");
	if (!credential_is_secret(&p.credential, allow_test_keys, f)) {
		fault_inside(f, "pcid");
		return false;
	}
	l->account.identity = p.pcid;
	l->account.object = item->bytes;
	l->account.sqn = p.credential.sqn;
	l->account.ind_bits = credential_ind_bits(&p.credential);
	l->account.not_before = p.not_before;
	l->account.not_after = p.not_after;
	return icf_add(l->ledger, &l->account, f);
}

static void
make_list(const char *option, const struct field *element, char **words, struct list *l,
    struct buf *raw)
{
	struct fault f;

	for (; words != NULL && *words != NULL; words++) {
		struct text word = text_of(*words);

		if (!field_fits(element, &word, &f))
			die_request("%s: %s", option, f.fact);
		list_add(element, l, raw, &word);
	}
}

/* What all have in common is checked once, as the subscription it will be answered as. */
static void
check_account(const struct account *a)
{
	struct subscription sub = {
		.identity = text_of("000000"), .state = SUBSCRIPTION_LIVE, .apns = a->apns,
		.destinations = a->destinations,
	};
	struct fault f;

	if (!record_fits(&subscription_record, &sub, &f))
		die_fault(&f);
}

int
main(int argc, char *argv[])
{
	static struct buf apn_list, destination_list;
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct loading l = { 0 };

	make_list("--apn", &apn_element, apns, &l.account.apns, &apn_list);
	make_list("--destination", &destination_element, destinations, &l.account.destinations,
	    &destination_list);
	check_account(&l.account);
	l.account.live = !dormant;
	l.ledger = ledger_make(ledger);
	return stream_run(files, load, &l, store_guard(l.ledger));
}
