/* SPDX-License-Identifier: Apache-2.0 */
/* sign.h - signatures as COSE carries them: 64 bytes, ES256 (R||S) or EdDSA (RFC 9053 2) */
#ifndef SIGN_H
#define SIGN_H

#include "crypto/key.h"

enum { SIGNATURE = 64, ALG_ES256 = -7, ALG_EDDSA = -8 };

int64_t sign_algorithm(const EVP_PKEY *key);		/* the one a key is for; 0: none of these */
void sign_make(EVP_PKEY *key, struct bytes message, uint8_t out[static SIGNATURE]);	/* dies when it cannot */
bool sign_check(EVP_PKEY *key, int64_t algorithm, struct bytes message, struct bytes signature);

#endif
