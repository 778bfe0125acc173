/* SPDX-License-Identifier: Apache-2.0 */
/* sub-answer - answer with the subscription data that restricts an identity's connectivity */
#include "base/cli.h"
#include "role/icf.h"
#include "role/ledger.h"

static const char *ledger;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The ledger with the identities", "FILE" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_PROGRESS,
	CLI_END
};

static bool
asked(const struct item *item, struct text *identity, struct fault *f)
{
	struct attach_request attach;
	struct av_request av;

	if (item_is(item, &attach_request_record)) {
		if (!item_decode(item, &attach_request_record, &attach, f))
			return false;
		*identity = attach.identity;
		return true;
	}
	if (!item_is(item, &av_request_record))
		return item_unwanted(item, "attach-request/1 or av-request/1", f);
	if (!item_decode(item, &av_request_record, &av, f))
		return false;
	*identity = av.identity;
	return true;
}

static bool
answer(const struct item *item, void *context, struct fault *f)
{
	struct subscription sub;
	struct text identity;

	if (!asked(item, &identity, f) ||
	    !icf_subscription(context, identity, cli_clock(), &sub, f))
		return false;
	stream_put(&subscription_record, &sub);
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct store *s;

	s = ledger_open(ledger);
	return stream_run(files, answer, s, store_guard(s));
}
