/* SPDX-License-Identifier: Apache-2.0 */
/* pcid-install - take a new PCID into the TRE, beside the one that it takes the place of */
#include "base/cli.h"
#include "msg/pcid_package.h"
#include "role/renew.h"

static const char *path;
static int used, allow_test_keys;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	{ "used", 'u', POPT_ARG_NONE, &used, 0, "Report that it has been used; takes no objects", NULL },
	{ "allow-test-keys", 0, POPT_ARG_NONE, &allow_test_keys, 0,
	  "Allow xor and keys known to all", NULL },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

static struct buf answer;

static bool
install(const struct item *item, void *context, struct fault *f)
{
	static struct trust *anchors;
	bool ok;

	if (!item_is(item, &pcid_package_record))
		return item_unwanted(item, pcid_package_record.type, f);
	if (anchors == NULL && (anchors = tre_anchors(context, f)) == NULL)
		return false;
	answer.n = 0;
	ok = renew(context, anchors, item->bytes, allow_test_keys, cli_clock(), &answer, f);
	if (ok || f->answered)
		stream_put_encoded(buf_bytes(&answer));
	return ok;
}

static bool
report_used(const struct item *none, void *context, struct fault *f)
{
	(void)none;
	if (!renew_report(context, cli_clock(), &answer, f))
		return false;
	stream_put_encoded(buf_bytes(&answer));
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct tre t = { 0 };

	if (used)
		cli_no_operands(files);
	tre_open(&t, path);
	if (used)
		return stream_once(report_used, &t, store_guard(t.store));
	return stream_run(files, install, &t, store_guard(t.store));
}
