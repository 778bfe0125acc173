/* SPDX-License-Identifier: Apache-2.0 */
/* sub-set - make identities live, dormant or quarantined in a ledger */
#include "base/cli.h"
#include "base/die.h"
#include "role/icf.h"
#include "role/ledger.h"

static const char *ledger, *state;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The ledger with the identities", "FILE" },
	{ "state", 's', POPT_ARG_STRING, &state, 0, "live, dormant or quarantined", "WORD" },
	CLI_END
};

static uint64_t
choose_state(void)
{
	for (uint64_t i = 1; i <= subscription_states.n; i++)
		if (i != SUBSCRIPTION_EXPIRED &&
		    strcmp(state, subscription_states.words[i - 1]) == 0)
			return i;
	die_request("--state: needs live, dormant or quarantined, has '%s'", state);
}

int
main(int argc, char *argv[])
{
	const char *const *identity =
	    cli_start(argc, argv, options, "[OPTION...] IDENTITY...", CLI_ANY);
	struct store *s;
	struct fault f;
	uint64_t wanted;

	cli_require(state, "--state");
	cli_require(*identity, "IDENTITY");
	wanted = choose_state();
	s = ledger_open(ledger);
	store_begin(s);
	for (; *identity != NULL; identity++)
		if (!icf_set_state(s, text_of(*identity), wanted, &f))
			die_fault(&f);
	store_commit(s);
	return STATUS_DONE;
}
