/* SPDX-License-Identifier: Apache-2.0 */
/* mid-unwrap - open sealed MIDs with the key they are sealed to */
#include "base/cli.h"
#include "base/die.h"
#include "role/install.h"
#include "wire/stream.h"

static const char *key, *trust;

static const struct poptOption options[] = {
	CLI_KEY(key, "The sealing key"),
	{ "trust", 't', POPT_ARG_STRING, &trust, 0, "Anchors of operators", "PEM" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_PROGRESS,
	CLI_END
};

struct unwrapping {
	EVP_PKEY *key;
	struct trust *anchors;
};

static bool
unwrap(const struct item *item, void *context, struct fault *f)
{
	static struct buf plain;
	struct unwrapping *u = context;
	struct mid_package p;
	struct mid mid;
	bool ok;

	if (!signed_take(item, &mid_package_record, u->anchors, cli_clock(), &p, NULL, f))
		return false;
	buf_wipe(&plain);
	if ((ok = package_open(&p, u->key, cli_clock(), &plain, &mid, f)))
		stream_put_encoded(buf_bytes(&plain));
	buf_wipe(&plain);
	return ok;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct unwrapping u;

	u.key = key_private("--key", key);
	if (!key_is_p256(u.key))
		die_world("--key: '%s' holds no P-256 key", key);
	u.anchors = trust_load("--trust", trust);
	return stream_run(files, unwrap, &u, NULL);
}
