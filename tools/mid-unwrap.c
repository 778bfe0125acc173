/* SPDX-License-Identifier: Apache-2.0 */
/* mid-unwrap - open sealed MIDs with the key they are sealed to */
#include "base/cli.h"
#include "base/die.h"
#include "msg/envelope.h"
#include "role/unwrap.h"
#include "wire/stream.h"

static const char *key, *trust, *after;

static const struct poptOption options[] = {
	CLI_KEY(key, "The sealing key"),
	{ "trust", 't', POPT_ARG_STRING, &trust, 0, "Anchors of operators", "PEM" },
	{ "after", 0, POPT_ARG_STRING, &after, 0, "The last counter seen: packages are above it", "N" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_PROGRESS,
	CLI_END
};

struct unwrapping {
	struct unwrapper who;
	struct trust *anchors;
	uint64_t after;
	bool bound;		/* to a registration, even if it was refused */
	struct registration registration;
	struct buf kept;
};

/* What follows must belong to it. */
static bool
take_registration(struct unwrapping *u, const struct item *item, struct fault *f)
{
	bool ok = signed_keep(item, &registration_record, u->anchors, cli_clock(), &u->registration,
	    &u->kept, f);

	u->bound = true;
	u->who.ueid = u->registration.ueid;
	return ok;
}

static bool
open_package(struct unwrapping *u, const struct mid_package *p, struct fault *f)
{
	static struct buf plain;
	struct mid mid;
	bool ok;

	if (u->bound && u->registration.nonce.p == NULL)
		return stream_lacks("a registration before the mid-package", f);
	if (u->bound && !package_belongs(p, &u->registration, f))
		return false;
	if (p->counter <= u->after)
		return fault_refuse(f, "old-counter", "mid-package.counter", "is not above the last one");
	buf_wipe(&plain);
	if ((ok = package_open(p, &u->who, cli_clock(), &plain, &mid, f)))
		stream_put_encoded(buf_bytes(&plain));
	buf_wipe(&plain);
	return ok;
}

static bool
unwrap(const struct item *item, void *context, struct fault *f)
{
	struct unwrapping *u = context;
	struct mid_package p;

	if (item_is(item, &registration_record))
		return take_registration(u, item, f);
	return envelope_take(item, "registration/1 or mid-package/1", u->anchors, cli_clock(), &p,
	    NULL, f) && open_package(u, &p, f);
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct unwrapping u;
	EVP_PKEY *sealing;

	u.after = cli_number("--after", after, 1, INT64_MAX, 0);
	sealing = key_private("--key", key);
	if (!key_is_p256(sealing))
		die_world("--key: '%s' holds no P-256 key", key);
	unwrapper_set(&u.who, sealing);
	u.anchors = trust_load("--trust", trust);
	return stream_run(files, unwrap, &u, NULL);
}
