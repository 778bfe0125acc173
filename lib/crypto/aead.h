/* SPDX-License-Identifier: Apache-2.0 */
/* aead.h - AES-GCM and AES key wrap; contexts are fetched once */
#ifndef AEAD_H
#define AEAD_H

#include "base/bytes.h"

enum { AEAD_IV = 12, AEAD_TAG = 16, KEY256 = 32, WRAPPED256 = 40 };

/* AES-GCM with a key of 16 or 32 bytes. Appends ciphertext and tag. Dies when it cannot. */
void aead_seal(struct bytes key, const uint8_t iv[static AEAD_IV], struct bytes aad,
    struct bytes plain, struct buf *out);
/* Appends the plain text; false, and out as it was, when the tag does not fit. */
bool aead_open(struct bytes key, const uint8_t iv[static AEAD_IV], struct bytes aad,
    struct bytes sealed, struct buf *out);

/* RFC 3394 with a key of 16 or 32 bytes; what is wrapped: 16 or 32 bytes, 8 longer when wrapped. */
void keywrap_seal(struct bytes kek, struct bytes key, uint8_t *out);
bool keywrap_open(struct bytes kek, struct bytes wrapped, uint8_t *out);

#endif
