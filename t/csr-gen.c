/* SPDX-License-Identifier: Apache-2.0 */
/* csr-gen N [FIRST] - requests of N devices, each with a key of its own, as tre-csr writes them */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "crypto/csr.h"
#include "wire/armor.h"

int
main(int argc, char *argv[])
{
	uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 0, at = argc > 2 ? strtoull(argv[2],
	    NULL, 10) : 1;
	static struct buf der, pem;

	if (n == 0)
		die_request("needs how many");
	for (; n > 0; n--, at++) {
		EVP_PKEY *platform = key_new();
		uint8_t ueid[9] = { 1 };
		char serial[32];

		snprintf(serial, sizeof serial, "M2ME-%08" PRIu64, at);
		for (int i = 0; i < 8; i++)
			ueid[1 + i] = (uint8_t)(at >> (56 - 8 * i));
		der.n = pem.n = 0;
		csr_make(platform, serial, BYTES(ueid), &der);
		armor_add(&pem, "CERTIFICATE REQUEST", buf_bytes(&der));
		fwrite(pem.p, 1, pem.n, stdout);
		key_free(platform);
	}
	return fflush(stdout) == 0 ? 0 : 3;
}
