/* SPDX-License-Identifier: Apache-2.0 */
/* mid-install - open deliveries inside the TRE, install their MIDs and report */
#include "base/cli.h"
#include "role/install.h"

static const char *path;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

static bool
install_one(const struct item *item, void *context, struct fault *f)
{
	static struct trust *anchors;
	static struct buf report;
	bool ok;

	if (!item_is(item, &delivery_record))
		return item_unwanted(item, delivery_record.type, f);
	if (anchors == NULL && (anchors = tre_anchors(context, f)) == NULL)
		return false;
	report.n = 0;
	ok = install(context, anchors, item->bytes, cli_clock(), &report, f);
	if (ok || f->answered)
		stream_put_encoded(buf_bytes(&report));
	return ok;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct tre t = { 0 };

	tre_open(&t, path);
	return stream_run(files, install_one, &t, store_guard(t.store));
}
