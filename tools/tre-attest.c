/* SPDX-License-Identifier: Apache-2.0 */
/* tre-attest - give evidence of the platform's state for a registration */
#include "base/cli.h"
#include "base/die.h"
#include "msg/evidence.h"
#include "role/attest.h"

static const char *path, *mode = "remote";
static uint64_t who_validates;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	{ "mode", 'm', POPT_ARG_STRING, &mode, 0,
	  "Who validates: autonomous, semi-autonomous or remote (remote)", "MODE" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
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
	    !attest(t, &r, who_validates, cli_clock(), &evidence, f))
		return false;
	stream_put_encoded(buf_bytes(&evidence));
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct tre t = { 0 };

	if ((who_validates = choice_of(&validation_modes, text_of(mode))) == 0)
		die_request("--mode: '%s' is none of its choices; see %s --help", mode, progname);
	tre_open(&t, path);
	return stream_run(files, give_evidence, &t, store_guard(t.store));
}
