/* SPDX-License-Identifier: Apache-2.0 */
/* tre-attest - give evidence of the platform's state for a registration */
#include "base/cli.h"
#include "role/attest.h"

static const char *path;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_END
};

static bool
give_evidence(const struct item *item, void *context, struct fault *f)
{
	static struct trust *anchors;
	static struct buf evidence;
	struct tre *t = context;
	struct registration r;

	evidence.n = 0;
	if ((anchors == NULL && (anchors = tre_anchors(t, f)) == NULL) ||
	    !signed_take(item, &registration_record, anchors, cli_clock(), &r, NULL, f) ||
	    !attest(t, &r, cli_clock(), &evidence, f))
		return false;
	stream_put_encoded(buf_bytes(&evidence));
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct tre t = { 0 };

	tre_open(&t, path);
	return stream_run(files, give_evidence, &t, store_guard(t.store));
}
