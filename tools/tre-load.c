/* SPDX-License-Identifier: Apache-2.0 */
/* tre-load - load a TRE with its PCID, platform credential, owner and anchors */
#include "base/cli.h"
#include "crypto/pemfile.h"
#include "msg/pcid.h"
#include "role/application.h"

static const char *path, *trust;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	{ "trust", 0, POPT_ARG_STRING, &trust, 0, "Anchors to load first", "PEM" },
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_PROGRESS,
	CLI_END
};

struct loading {
	struct tre t;
	struct bytes anchors[ANCHORS_MAX];
	size_t n;
};

static bool
load_pcid(struct tre *t, const struct item *item, struct fault *f)
{
	struct pcid p;

	if (!item_decode(item, &pcid_record, &p, f))
		return false;
	if (p.not_after != 0 && p.not_after <= cli_clock())
		return fault_refuse(f, "expired", "pcid.not_after", "has passed");
	return application_add(t, &(struct application){
	    .identity = p.pcid, .pcid = true, .ro = p.ro, .not_before = p.not_before,
	    .not_after = p.not_after, .object = item->bytes,
	}, f);
}

/* With every item: of one that is refused, nothing stays, its anchors neither. */
static bool
load_anchors(const struct loading *l, struct fault *f)
{
	for (size_t i = 0; i < l->n; i++)
		if (!tre_add_anchor(&l->t, l->anchors[i], f))
			return false;
	return true;
}

/* By its role; anything else is taken for a PlC. */
static bool
is_owner(struct bytes der)
{
	struct cert c = { 0 };
	struct fault f;
	bool yes = cert_read(der, &c, NULL, &f) && cert_has_role(&c, ROLE_US);

	cert_free(&c);
	return yes;
}

static bool
load(const struct item *item, void *context, struct fault *f)
{
	struct loading *l = context;

	if (!load_anchors(l, f))
		return false;
	if (item_is(item, &pcid_record))
		return load_pcid(&l->t, item, f);
	if (item->label == NULL || strcmp(item->label, "CERTIFICATE") != 0)
		return item_unwanted(item, "pcid/1 or a PlC", f);
	if (is_owner(item->bytes))
		return tre_set_owner(&l->t, item->bytes, cli_clock(), f);
	return tre_set_plc(&l->t, item->bytes, cli_clock(), f);
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct loading l;

	if (trust != NULL)
		l.n = pemfile_certificates("--trust", trust, l.anchors, ANCHORS_MAX);
	tre_open(&l.t, path);
	return stream_run(files, load, &l, store_guard(l.t.store));
}
