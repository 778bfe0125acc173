/* SPDX-License-Identifier: Apache-2.0 */
/* mid-gen - make machine identities, or a new credential for one, and enter them in the ledger */
#include "base/cli.h"
#include "base/die.h"
#include "role/ledger.h"
#include "role/mint.h"
#include "role/successor.h"

static const char *profile, *ledger, *count, *update;
static int allow_test_keys;

static const struct poptOption options[] = {
	{ "profile", 'p', POPT_ARG_STRING, &profile, 0,
	  "What they have in common; see m2mkit-policy(5)",
	  "CONF" },
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The operator's ledger", "FILE" },
	{ "count", 'n', POPT_ARG_STRING, &count, 0, "How many (1)", "N" },
	{ "update", 'u', POPT_ARG_STRING, &update, 0,
	  "Make no MID, but a new credential for the one with that IMSI", "IMSI" },
	{ "allow-test-keys", 0, POPT_ARG_NONE, &allow_test_keys, 0,
	  "Allow xor and keys known to all", NULL },
	CLI_ARMOR,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

struct making {
	struct store *ledger;
	struct mint mint;
	uint64_t left;
};

static bool
make(const struct item *none, void *context, struct fault *f)
{
	static struct buf mid;
	struct making *m = context;
	bool ok;

	(void)none;
	if (m->left == 0)
		return false;
	ok = update != NULL ? successor_make(m->ledger, text_of(update), allow_test_keys, &mid, f) :
	    mint_mid(&m->mint, m->ledger, &mid, f);
	if (ok)
		stream_put_encoded(buf_bytes(&mid));
	buf_wipe(&mid);
	m->left--;
	return ok;
}

int
main(int argc, char *argv[])
{
	static struct making m;

	cli_start(argc, argv, options, "[OPTION...]", 0);
	m.left = cli_number("--count", count, 1, 1000000000000, 1);
	if (update != NULL) {
		if (profile != NULL || count != NULL)
			die_request("--update: goes with neither --profile nor --count");
		m.ledger = ledger_open(ledger);
	} else {
		cli_require(profile, "--profile");
		mint_load(&m.mint, profile);
		m.mint.allow_test_keys = allow_test_keys;
		m.ledger = ledger_make(ledger);
	}
	return stream_make(make, &m, store_guard(m.ledger));
}
