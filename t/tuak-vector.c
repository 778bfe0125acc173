/* SPDX-License-Identifier: Apache-2.0 */
/* tuak-vector - reads lines of t/vectors/tuak, writes them with TOPc and f1 to f5* computed anew */
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "crypto/tuak.h"

enum { ITERATIONS, K, RAND, SQN, AMF, TOP, TOPC, F1, F1_STAR, F2, F3, F4, F5, F5_STAR, COLUMNS };

static void
put(const uint8_t *p, size_t n)
{
	char out[HEX_MAX];

	printf(" %s", hex((struct bytes){ p, n }, out));
}

static void
compute(unsigned iterations, const struct buf *in)
{
	uint8_t topc[TUAK_TOPC];
	struct tuak t = { in[K].p, in[K].n, topc, iterations, in[F1].n, in[F2].n, in[F3].n, in[F4].n };
	struct tuak_out network, card;

	tuak_topc(t.k, t.k_n, iterations, in[TOP].p, topc);
	tuak(&t, in[RAND].p, in[SQN].p, in[AMF].p, 0, &network);
	tuak(&t, in[RAND].p, in[SQN].p, in[AMF].p, 1, &card);
	put(topc, sizeof topc);
	put(network.mac_a, t.mac_n);
	put(card.mac_s, t.mac_n);
	put(network.res, t.res_n);
	put(network.ck, t.ck_n);
	put(network.ik, t.ik_n);
	put(network.ak, sizeof network.ak);
	put(card.ak_s, sizeof card.ak_s);
	putchar('\n');
}

int
main(void)
{
	static struct buf in[COLUMNS];
	static char line[2048];

	while (fgets(line, sizeof line, stdin) != NULL) {
		unsigned iterations = (unsigned)atoi(line);
		char *rest = NULL, *word = strtok_r(line, " \n", &rest);

		if (word == NULL || *word == '#')
			continue;
		printf("%s", word);
		for (int i = K; i < COLUMNS; i++) {
			in[i].n = 0;
			word = strtok_r(NULL, " \n", &rest);
			if (word == NULL || !hex_read(&in[i], text_of(word)))
				return 2;
			if (i < TOPC)
				printf(" %s", word);
		}
		compute(iterations, in);
	}
	return 0;
}
