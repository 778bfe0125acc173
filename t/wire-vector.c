/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire-vector - a CBOR item in hex a line; answers the line with what the reader
 * makes of it: "whole", when its pieces written again are the same bytes; "N bytes
 * whole" when more follows; or what is wrong
 */
#include "lines.h"
#include "wire/wire.h"

static void
put_again(struct buf *out, const struct wire_item *i)
{
	switch (i->type) {
	case WIRE_UINT: wire_put_uint(out, i->n); break;
	case WIRE_NEGINT:
		if (i->n <= INT64_MAX) {
			wire_put_int(out, -1 - (int64_t)i->n);
			break;
		}
		wire_put_uint(out, i->n);	/* no number of ours is that low: only its head is checked */
		out->p[out->n - 9] |= 1 << 5;
		break;
	case WIRE_BYTES: wire_put_bytes(out, (struct bytes){ i->p, i->n }); break;
	case WIRE_TEXT: wire_put_text(out, (struct text){ i->p, i->n }); break;
	case WIRE_ARRAY: wire_put_array(out, i->n); break;
	case WIRE_MAP: wire_put_map(out, i->n); break;
	case WIRE_TAG: wire_put_tag(out, i->n); break;
	case WIRE_BOOL: wire_put_bool(out, i->n); break;
	}
}

/* What comes of reading and writing all of it; *at: where reading ends. */
static const char *
again(struct bytes whole, size_t *at)
{
	struct wire w = { whole, 0 };
	struct buf out = { 0 };
	struct wire_item i;
	const char *wrong = NULL;

	while (w.at < whole.n && (wrong = wire_next(&w, &i)) == NULL)
		put_again(&out, &i);
	*at = w.at;
	if (wrong == NULL && !bytes_equal(buf_bytes(&out), whole))
		wrong = "comes out otherwise";
	buf_free(&out);
	return wrong;
}

/* The item grows byte by byte, as it does in a pipe. */
static const char *
span(struct wire_span *s, struct bytes in)
{
	const char *wrong = wire_truncated;

	for (size_t n = 0; n <= in.n && wrong == wire_truncated; n++)
		wrong = wire_span(s, (struct bytes){ in.p, n });
	return wrong;
}

int
main(void)
{
	char *field[FIELDS];

	while (next_case(field) > 0) {
		struct bytes in = unhex(field[0]);
		struct wire_span s = { 0 };
		const char *wrong = span(&s, in);

		printf("%s = ", field[0]);
		if (wrong == NULL && s.at < in.n) {
			printf("%zu bytes whole\n", s.at);
			continue;
		}
		if (wrong == NULL)
			wrong = again(in, &s.at);
		if (wrong == NULL)
			printf("whole\n");
		else
			printf("%s (byte %zu)\n", wrong, s.at);
	}
	return fflush(stdout) == 0 ? 0 : 3;
}
