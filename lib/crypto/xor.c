/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/xor.h"

#include <string.h>

void
xor_functions(const uint8_t k[static 16], const uint8_t rand[static 16], const uint8_t sqn[static 6],
    const uint8_t amf[static 2], struct xor_out *out)
{
	uint8_t *xdout = out->res;

	for (int i = 0; i < 16; i++)
		xdout[i] = k[i] ^ rand[i];
	for (int i = 0; i < 16; i++) {
		out->ck[i] = xdout[(i + 1) % 16];
		out->ik[i] = xdout[(i + 2) % 16];
	}
	memcpy(out->ak, xdout + 3, sizeof out->ak);
	for (int i = 0; i < 8; i++)
		out->mac[i] = xdout[i] ^ (i < 6 ? sqn[i] : amf[i - 6]);
}
