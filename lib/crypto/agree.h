/* SPDX-License-Identifier: Apache-2.0 */
/* agree.h - ECDH on P-256 */
#ifndef AGREE_H
#define AGREE_H

#include "crypto/key.h"

/* The x coordinate, full length (RFC 9053 6.3.1). peer must come from key_from_point(). Dies when it cannot. */
void agree(EVP_PKEY *own, EVP_PKEY *peer, uint8_t shared[static COORDINATE]);

#endif
