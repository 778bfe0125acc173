/* SPDX-License-Identifier: Apache-2.0 */
/* codec-time PCID - nanoseconds to read and write the object in a file, by the tables and by libcbor */
#include <cbor.h>

#include "base/cli.h"
#include "base/die.h"
#include "msg/pcid.h"
#include "timing.h"
#include "wire/reference.h"

static const struct poptOption options[] = { CLI_END };

static struct bytes object;
static struct pcid pcid;
static struct buf out;

/* --- how often memory is asked for ---------------------------------------------- */

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
static size_t asked;

void *malloc(size_t n) { asked++; return __libc_malloc(n); }
void *calloc(size_t n, size_t size) { asked++; return __libc_calloc(n, size); }
void *realloc(void *p, size_t n) { asked++; return __libc_realloc(p, n); }

static double
asked_by(void (*run)(void))
{
	enum { TIMES = 1000 };
	size_t before;

	run();
	before = asked;
	for (int i = 0; i < TIMES; i++)
		run();
	return (double)(asked - before) / TIMES;
}

/* --- the techniques ---------------------------------------------------------------- */

static void
decode(void)
{
	struct fault f;

	if (!record_decode(&pcid_record, &pcid, object, &f))
		die_fault(&f);
}

static void
encode(void)
{
	out.n = 0;
	record_encode(&pcid_record, &pcid, &out);
}

static void
items(void)
{
	struct wire w = { object, 0 };
	struct wire_item item;

	while (w.at < object.n)
		if (wire_next(&w, &item) != NULL)
			die_world("cannot read the items");
}

/* libcbor's streaming decoder: the items only, without keys, kinds and ranges. */
static void
items_by_libcbor(void)
{
	struct wire w = { object, 0 };
	struct wire_item item;

	while (w.at < object.n)
		if (reference_next(&w, &item) != NULL)
			die_world("libcbor cannot read the items");
}

/* libcbor's tree, and back to bytes. */
static void
tree_by_libcbor(void)
{
	struct cbor_load_result r;
	cbor_item_t *tree = cbor_load(object.p, object.n, &r);

	if (tree == NULL)
		die_world("libcbor cannot read the object");
	cbor_decref(&tree);
}

static void
rewrite_by_libcbor(void)
{
	static unsigned char again[4096];
	struct cbor_load_result r;
	cbor_item_t *tree = cbor_load(object.p, object.n, &r);

	if (tree == NULL || cbor_serialize(tree, again, sizeof again) != object.n)
		die_world("libcbor cannot write the object");
	cbor_decref(&tree);
}

int
main(int argc, char *argv[])
{
	static const struct technique techniques[] = {
		{ "decode", decode, 1 }, { "encode", encode, 1 }, { "items", items, 1 },
		{ "libcbor-items", items_by_libcbor, 1 }, { "libcbor-tree", tree_by_libcbor, 1 },
		{ "libcbor-rewrite", rewrite_by_libcbor, 1 },
	};
	const char *const *args = cli_start(argc, argv, options, "PCID", 1);
	static uint8_t bytes[4096];
	FILE *f;

	cli_require(args[0], "PCID");
	if ((f = fopen(args[0], "re")) == NULL)
		die_errno("cannot open '%s'", args[0]);
	object = (struct bytes){ bytes, fread(bytes, 1, sizeof bytes, f) };
	decode();
	time_in_turn(techniques, COUNT(techniques));
	for (size_t i = 0; i < COUNT(techniques); i++)
		printf("%s-allocations %.1f\n", techniques[i].name, asked_by(techniques[i].run));
	return fflush(stdout) == 0 ? STATUS_DONE : STATUS_WORLD;
}
