/* SPDX-License-Identifier: Apache-2.0 */
/* decode - hostile bytes to every table: what decodes must encode to the same bytes */
#include <stdlib.h>

#include "msg/schemas.h"
#include "wire/item.h"
#include "wire/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_record(const struct record *r, struct bytes in)
{
	static struct buf out, text;
	_Alignas(16) uint8_t obj[RECORD_SIZE_MAX];
	const struct show show = { .out = &text, .reveal = true };
	struct fault f;

	if (!record_decode(r, obj, in, &f))
		return;
	out.n = text.n = 0;
	record_encode(r, obj, &out);
	show_record(&show, r, obj);
	if (!bytes_equal(buf_bytes(&out), in))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct buf block;
	struct bytes in = { data, size };
	struct wire_span span = { 0 };
	char label[LABEL_MAX];
	struct fault f;

	if (size == 0)
		return 0;
	for (const struct record *const *r = schemas; *r != NULL; r++)
		try_record(*r, in);
	wire_span(&span, in);
	armor_take(in, label, &block, &f);
	return 0;
}
