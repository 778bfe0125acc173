/* SPDX-License-Identifier: Apache-2.0 */
/* Apart from the cipher: who reads credentials needs the constants, not libcrypto. */
#include "crypto/milenage.h"

static const uint8_t r[] = { 64, 0, 32, 64, 96 };
static const uint8_t c[][MILENAGE_BLOCK] = {
	{ 0 }, { [15] = 1 }, { [15] = 2 }, { [15] = 4 }, { [15] = 8 }
};
const struct milenage_constants milenage_standard = { r, c };
