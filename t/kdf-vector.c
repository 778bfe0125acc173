/* SPDX-License-Identifier: Apache-2.0 */
/* kdf-vector - reads lines of t/vectors/kdf, writes them with the last figure computed anew */
#include <stdio.h>

#include "base/bytes.h"
#include "crypto/kdf.h"

enum { WORDS = 7 };

static char *word[WORDS];

/* The bytes that word i spells; never given back. */
static struct bytes
figure(int i)
{
	struct buf b = { 0 };

	hex_read(&b, text_of(word[i]));
	return buf_bytes(&b);
}

static struct text
compute(uint8_t out[static KDF_KEY])
{
	struct text name = text_of(word[0]);

	if (text_is(name, "kasme")) {
		uint8_t sn_id[KDF_SN_ID];

		kdf_sn_id(text_of(word[3]), sn_id);
		kdf_kasme(figure(1).p, figure(2).p, sn_id, figure(4).p, out);
		return (struct text){ out, KDF_KEY };
	}
	if (text_is(name, "kausf") || text_is(name, "prime")) {
		(text_is(name, "kausf") ? kdf_kausf : kdf_prime)(figure(1).p, figure(2).p, text_of(word[3]),
		    figure(4).p, out);
		return (struct text){ out, KDF_KEY };
	}
	if (text_is(name, "res-star"))
		kdf_res_star(figure(1).p, figure(2).p, text_of(word[3]), figure(4).p, figure(5), out);
	else if (text_is(name, "hres-star"))
		kdf_hres_star(figure(1).p, figure(2).p, out);
	else {
		kdf_sn_id(text_of(word[1]), out);
		return (struct text){ out, KDF_SN_ID };
	}
	return (struct text){ out, KDF_RES_STAR };
}

int
main(void)
{
	static char line[1024];

	while (fgets(line, sizeof line, stdin) != NULL) {
		char *rest = NULL, out[HEX_MAX], network[SERVING_NETWORK_MAX];
		uint8_t value[KDF_KEY];
		int n = 0;

		for (char *p = line; n < WORDS && (word[n] = strtok_r(p, " \n", &rest)) != NULL; p = NULL)
			n++;
		if (n == 0 || *word[0] == '#')
			continue;
		for (int i = 0; i < n - 1; i++)
			printf("%s ", word[i]);
		if (text_is(text_of(word[0]), "serving-network")) {
			struct text t = kdf_serving_network(text_of(word[1]), network);

			printf("%.*s\n", (int)t.n, t.p);
		} else
			printf("%s\n", hex(text_bytes(compute(value)), out));
	}
	return 0;
}
