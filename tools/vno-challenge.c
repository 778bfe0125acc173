/* SPDX-License-Identifier: Apache-2.0 */
/* vno-challenge - send the open part of a vector as a challenge */
#include "base/cli.h"
#include "msg/attach.h"
#include "wire/stream.h"

static const struct poptOption options[] = {
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_PROGRESS,
	CLI_END
};

static bool
challenge(const struct item *item, void *context, struct fault *f)
{
	struct av av;

	(void)context;
	if (!item_decode(item, &av_record, &av, f))
		return false;
	stream_put(&challenge_record, &(struct challenge){ av.identity, av.rand, av.autn,
	    av.kind != AV_UMTS ? av.kind : 0,	/* as a challenge always was */
	    av.kind == AV_5G_HE || av.kind == AV_5G_SE ? av.plmn : (struct text){ 0 } });
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);

	return stream_run(files, challenge, NULL, NULL);
}
