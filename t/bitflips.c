/* SPDX-License-Identifier: Apache-2.0 */
/* bitflips OBJECT [FOLLOWER] - the object with each bit changed in turn, armoured as what it then is; FOLLOWER after each */
#include <stdio.h>

#include "base/cli.h"
#include "wire/armor.h"
#include "wire/stream.h"

static int sparse;

static const struct poptOption options[] = {
	{ "sparse", 0, POPT_ARG_NONE, &sparse, 0, "Change one bit of each byte", NULL },
	CLI_END
};

static struct buf object, follower;
static char given[LABEL_MAX];	/* of a block that is none of our objects */

static bool
keep(const struct item *item, void *context, struct fault *f)
{
	(void)context;
	(void)f;
	if (object.n == 0 && item->label != NULL)
		snprintf(given, sizeof given, "%s", item->label);
	buf_add(object.n == 0 ? &object : &follower, item->bytes);
	return true;
}

static void
put(void)
{
	static struct buf out;
	char label[LABEL_MAX];

	out.n = 0;
	item_label(item_type(buf_bytes(&object)), label);
	armor_add(&out, given[0] != '\0' ? given : label, buf_bytes(&object));
	stream_put_text((struct text){ out.p, out.n });
	if (follower.n > 0)
		stream_put_encoded(buf_bytes(&follower));
}

static bool
mutate(const struct item *none, void *context, struct fault *f)
{
	static size_t bit;

	(void)none;
	(void)context;
	(void)f;
	if (bit >= 8 * object.n)
		return false;
	object.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	put();
	object.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	bit += sparse && bit % 8 < 7 ? 9 : 1;	/* each byte in another place than its neighbour */
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "OBJECT [FOLLOWER]", 2);
	int status = stream_run(files, keep, NULL, NULL);

	return status != 0 ? status : stream_make(mutate, NULL, NULL);
}
