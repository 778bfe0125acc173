/* SPDX-License-Identifier: Apache-2.0 */
/* av-gen - make authentication vectors from credentials, without state */
#include "base/cli.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "msg/subscriber.h"
#include "msg/vector.h"
#include "wire/stream.h"

static const char *count;

static const struct poptOption options[] = {
	{ "count", 'n', POPT_ARG_STRING, &count, 0, "How many vectors for each credential (1)", "N" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CHANCE,
	CLI_END
};

static bool
generate(const struct item *item, void *context, struct fault *f)
{
	const uint64_t *n = context;
	struct credential c;
	struct aka_vector v;
	struct av av = { 0 };

	if (item->label != NULL)
		return item_unwanted(item, "pcid/1 or mid/1", f);
	if (!subscriber_read(item->bytes, &av.identity, &c, f))
		return false;
	if (c.sqn > AKA_SQN_MAX - ((*n - 1) << AKA_IND_BITS))
		return fault_refuse(f, "sqn-exhausted", "sqn", "has no room for as many vectors");
	for (uint64_t i = 0; i < *n; i++) {
		random_bytes(v.rand, sizeof v.rand);
		vector_make(&c, c.sqn + (i << AKA_IND_BITS), &v, &av);
		stream_put(&av_record, &av);
	}
	secret_wipe(&v, sizeof v);
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	uint64_t n = cli_number("--count", count, 1, 1000, 1);

	random_start();
	return stream_run(files, generate, &n, NULL);
}
