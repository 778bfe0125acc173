/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/reference.h"

#include <cbor.h>

/* libcbor pushes, we pull: each callback fills the one item asked for. */
struct pulled {
	struct wire_item *item;
	bool seen;
};

static void
got(void *to, enum wire_type type, uint64_t n, const uint8_t *p)
{
	struct pulled *pulled = to;

	*pulled->item = (struct wire_item){ type, n, p };
	pulled->seen = true;
}

static void on_u8(void *to, uint8_t n) { got(to, WIRE_UINT, n, NULL); }
static void on_u16(void *to, uint16_t n) { got(to, WIRE_UINT, n, NULL); }
static void on_u32(void *to, uint32_t n) { got(to, WIRE_UINT, n, NULL); }
static void on_u64(void *to, uint64_t n) { got(to, WIRE_UINT, n, NULL); }
static void on_n8(void *to, uint8_t n) { got(to, WIRE_NEGINT, n, NULL); }
static void on_n16(void *to, uint16_t n) { got(to, WIRE_NEGINT, n, NULL); }
static void on_n32(void *to, uint32_t n) { got(to, WIRE_NEGINT, n, NULL); }
static void on_n64(void *to, uint64_t n) { got(to, WIRE_NEGINT, n, NULL); }
static void on_array(void *to, size_t n) { got(to, WIRE_ARRAY, n, NULL); }
static void on_map(void *to, size_t n) { got(to, WIRE_MAP, n, NULL); }
static void on_tag(void *to, uint64_t n) { got(to, WIRE_TAG, n, NULL); }
static void on_bool(void *to, bool b) { got(to, WIRE_BOOL, b, NULL); }
static void on_bytes(void *to, cbor_data p, size_t n) { got(to, WIRE_BYTES, n, p); }
static void on_text(void *to, cbor_data p, size_t n) { got(to, WIRE_TEXT, n, p); }

static size_t
shortest_head(const struct wire_item *i)
{
	if (i->type == WIRE_BOOL || i->n < 24)
		return 1;
	return i->n <= UINT8_MAX ? 2 : i->n <= UINT16_MAX ? 3 : i->n <= UINT32_MAX ? 5 : 9;
}

const char *
reference_next(struct wire *in, struct wire_item *item)
{
	struct cbor_callbacks on = cbor_empty_callbacks;
	struct pulled pulled = { item, false };
	struct cbor_decoder_result r;

	on.uint8 = on_u8, on.uint16 = on_u16, on.uint32 = on_u32, on.uint64 = on_u64;
	on.negint8 = on_n8, on.negint16 = on_n16, on.negint32 = on_n32, on.negint64 = on_n64;
	on.byte_string = on_bytes, on.string = on_text;
	on.array_start = on_array, on.map_start = on_map, on.tag = on_tag, on.boolean = on_bool;
	r = cbor_stream_decode(in->in.p + in->at, in->in.n - in->at, &on, &pulled);
	if (r.status == CBOR_DECODER_NEDATA)
		return wire_truncated;
	if (r.status == CBOR_DECODER_ERROR)
		return "not CBOR";
	if (!pulled.seen)
		return "an item no object uses";
	if (r.read != shortest_head(item) + (item->p != NULL ? item->n : 0))
		return "not in shortest form";
	in->at += r.read;
	return NULL;
}
