/* SPDX-License-Identifier: Apache-2.0 */
/* tre-attach - ask a network for connectivity, as the active USIM or else as the PCID */
#include "base/cli.h"
#include "msg/attach.h"
#include "role/application.h"

static const char *path;
static int as = ATTACH_BEST;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	{ "pcid", 0, POPT_ARG_VAL, &as, ATTACH_PCID, "As the PCID, whatever MID is active", NULL },
	{ "former", 0, POPT_ARG_VAL, &as, ATTACH_FORMER,
	  "As the PCID, and not as a new one that was not used yet", NULL },
	CLI_ARMOR,
	CLI_CLOCK,
	CLI_END
};

static bool
attach(const struct item *none, void *context, struct fault *f)
{
	struct attach_request a;
	struct tre_device d;

	(void)none;
	if (!tre_device(context, &d, f) ||
	    !application_attaching(context, (enum attach_as)as, cli_clock(), &a.identity, f))
		return false;
	a.ueid = d.ueid;
	stream_put(&attach_request_record, &a);
	return true;
}

int
main(int argc, char *argv[])
{
	struct tre t = { 0 };

	cli_start(argc, argv, options, "[OPTION...]", 0);
	tre_open(&t, path);
	return stream_once(attach, &t, store_guard(t.store));
}
