/* SPDX-License-Identifier: Apache-2.0 */
/* pem-mutants - each PEM block again and again, every bit changed once, every byte left out once */
#include "base/cli.h"
#include "wire/stream.h"

static const struct poptOption options[] = { CLI_END };

static bool
mutate(const struct item *item, void *context, struct fault *f)
{
	static struct buf m;

	(void)context;
	if (item->label == NULL)
		return item_unwanted(item, "a PEM block", f);
	m.n = 0;
	buf_add(&m, item->bytes);
	for (size_t i = 0; i < m.n; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			m.p[i] ^= (uint8_t)(1u << bit);
			stream_put_pem(item->label, buf_bytes(&m));
			m.p[i] ^= (uint8_t)(1u << bit);
		}
	for (size_t i = 0; i < item->bytes.n; i++) {
		m.n = 0;
		buf_add(&m, (struct bytes){ item->bytes.p, i });
		buf_add(&m, (struct bytes){ item->bytes.p + i + 1, item->bytes.n - i - 1 });
		stream_put_pem(item->label, buf_bytes(&m));
	}
	return true;
}

int
main(int argc, char *argv[])
{
	return stream_run(cli_start(argc, argv, options, "[FILE...]", CLI_ANY), mutate, NULL, NULL);
}
