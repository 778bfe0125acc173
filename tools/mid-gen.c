/* SPDX-License-Identifier: Apache-2.0 */
/* mid-gen - make machine identities from an operator's profile and enter them in its ledger */
#include "base/cli.h"
#include "base/die.h"
#include "role/ledger.h"
#include "role/mint.h"

static const char *profile, *ledger, *count;
static int allow_test_keys;

static const struct poptOption options[] = {
	{ "profile", 'p', POPT_ARG_STRING, &profile, 0,
	  "What they have in common; see m2mkit-policy(5)",
	  "CONF" },
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The operator's ledger", "FILE" },
	{ "count", 'n', POPT_ARG_STRING, &count, 0, "How many (1)", "N" },
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
	if ((ok = mint_mid(&m->mint, m->ledger, &mid, f)))
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
	cli_require(profile, "--profile");
	m.left = cli_number("--count", count, 1, 1000000000000, 1);
	mint_load(&m.mint, profile);
	m.mint.allow_test_keys = allow_test_keys;
	m.ledger = ledger_make(ledger);
	return stream_make(make, &m, store_guard(m.ledger));
}
