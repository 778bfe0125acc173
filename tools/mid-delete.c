/* SPDX-License-Identifier: Apache-2.0 */
/* mid-delete - erase a MID for the owner or its own operator, and give notice */
#include "base/cli.h"
#include "msg/package.h"
#include "role/order.h"
#include "role/withdraw.h"

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
delete(const struct item *item, void *context, struct fault *f)
{
	if (item_is(item, &authorization_record))
		return withdraw_take(item, context, cli_clock(), f);
	if (!item_is(item, &order_record))
		return item_unwanted(item, "order/1 or authorization/1", f);
	return order_take(item, context, ORDER_DELETE, cli_clock(), f);
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct tre t = { 0 };

	tre_open(&t, path);
	return stream_run(files, delete, &t, store_guard(t.store));
}
