/* SPDX-License-Identifier: Apache-2.0 */
/* tre-settle - take acknowledgements of what a TRE reported, and send that no more */
#include "base/cli.h"
#include "role/outbox.h"

static const char *path;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_PROGRESS,
	CLI_END
};

static bool
take(const struct item *item, void *context, struct fault *f)
{
	static struct trust *anchors;

	if (!item_is(item, &ack_record))
		return item_unwanted(item, ack_record.type, f);
	if (anchors == NULL && (anchors = tre_anchors(context, f)) == NULL)
		return false;
	return outbox_ack(context, anchors, item->bytes, cli_clock(), f);
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct tre t = { 0 };

	tre_open(&t, path);
	return stream_run(files, take, &t, store_guard(t.store));
}
