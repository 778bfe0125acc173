/* SPDX-License-Identifier: Apache-2.0 */
/* usim-auth - answer challenges with the USIM applications of a TRE */
#include "base/cli.h"
#include "crypto/secret.h"
#include "role/usim.h"

static const char *path;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_PROGRESS,
	CLI_END
};

static bool
answer(const struct item *item, void *context, struct fault *f)
{
	uint8_t auts[AKA_AUTS];
	struct auth_response r;
	struct vector v;
	struct challenge c;
	bool ok;

	if (!item_decode(item, &challenge_record, &c, f))
		return false;
	ok = usim_auth(context, &c, cli_clock(), &v, auts, &r, f);
	if (ok || f->answered)
		stream_put(&auth_response_record, &r);
	secret_wipe(&v, sizeof v);
	return ok;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct tre t = { 0 };

	tre_open(&t, path);
	return stream_run(files, answer, &t, store_guard(t.store));
}
