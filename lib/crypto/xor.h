/* SPDX-License-Identifier: Apache-2.0 */
/* xor.h - the test algorithm of 3GPP TS 34.108 8.1.2: no security whatever */
#ifndef XOR_H
#define XOR_H

#include <stdint.h>

struct xor_out {
	uint8_t mac[8];		/* XMAC for the sqn and amf given; f1* is the same */
	uint8_t res[16], ck[16], ik[16], ak[6];
};

void xor_functions(const uint8_t k[static 16], const uint8_t rand[static 16], const uint8_t sqn[static 6],
    const uint8_t amf[static 2], struct xor_out *out);

#endif
