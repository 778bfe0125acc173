/* SPDX-License-Identifier: Apache-2.0 */
/* av-answer - answer requests for authentication vectors from the ledger */
#include "base/cli.h"
#include "role/icf.h"
#include "role/ledger.h"

static const char *ledger;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The ledger with the identities", "FILE" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

static void
put(const struct av *av)
{
	stream_put(&av_record, av);
}

static bool
answer(const struct item *item, void *context, struct fault *f)
{
	struct av_request a;

	return item_decode(item, &av_request_record, &a, f) &&
	    icf_answer(context, &a, item->bytes, cli_clock(), ICF_AMF_BY_KIND, put, f);
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct store *s;

	s = ledger_open(ledger);
	return stream_run(files, answer, s, store_guard(s));
}
