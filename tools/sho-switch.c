/* SPDX-License-Identifier: Apache-2.0 */
/* sho-switch - change the operator of a device, object by object */
#include "base/cli.h"
#include "role/switch.h"

static const char *path;
static int unacknowledged;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	{ "unacknowledged", 'u', POPT_ARG_NONE, &unacknowledged, 0,
	  "Go on without an ack that is overdue; takes no objects", NULL },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

static struct answers answers;

static bool
take(const struct item *item, void *context, struct fault *f)
{
	static struct trust *anchors;
	bool ok;

	if (anchors == NULL && (anchors = tre_anchors(context, f)) == NULL)
		return false;
	ok = switch_take(context, anchors, item, cli_clock(), &answers, f);
	if (ok || f->answered)
		answers_put(&answers);
	return ok;
}

static bool
go_on(const struct item *none, void *context, struct fault *f)
{
	(void)none;
	if (!switch_unacknowledged(context, cli_clock(), &answers, f))
		return false;
	answers_put(&answers);
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct tre t = { 0 };

	if (unacknowledged)
		cli_no_operands(files);
	tre_open(&t, path);
	if (unacknowledged)
		return stream_once(go_on, &t, store_guard(t.store));
	return stream_run(files, take, &t, store_guard(t.store));
}
