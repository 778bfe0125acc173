/* SPDX-License-Identifier: Apache-2.0 */
/* aes.h - AES-128, block by block, of another key for each few blocks */
#ifndef AES_H
#define AES_H

#include <stddef.h>
#include <stdint.h>

enum { AES_BLOCK = 16 };

/* The key of the blocks to come; none of the work for the key of last time. */
void aes_key(const uint8_t k[static AES_BLOCK]);

/* n bytes of whole blocks, side by side; in may be out. */
void aes_encrypt(const uint8_t *in, uint8_t *out, size_t n);

#endif
