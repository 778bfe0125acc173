/* SPDX-License-Identifier: Apache-2.0 */
/* tre-show - say what a TRE holds, without its secrets */
#include "base/cli.h"
#include "role/application.h"

static const char *path;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	CLI_ARMOR,
	CLI_END
};

static void
put(const struct inventory *i)
{
	stream_put(&inventory_record, i);
}

static bool
show(const struct item *none, void *context, struct fault *f)
{
	(void)none;
	return application_inventory(context, put, f);
}

int
main(int argc, char *argv[])
{
	struct tre t = { 0 };

	cli_start(argc, argv, options, "[OPTION...]", 0);
	tre_open(&t, path);
	return stream_once(show, &t, store_guard(t.store));
}
