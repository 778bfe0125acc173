/* SPDX-License-Identifier: Apache-2.0 */
/* random.h - randomness in blocks; with --random FILE, the bytes of that file in order */
#ifndef RANDOM_H
#define RANDOM_H

#include <stddef.h>
#include <stdint.h>

/*
 * Fills p with n bytes.  Drawn 4 KiB at a time and wiped as they are handed
 * out.  Dies (3) when the generator fails or the --random file is used up.
 */
void random_bytes(uint8_t *p, size_t n);

/*
 * Makes OpenSSL's own draws (keys, ECDSA nonces, IVs) come from --random FILE
 * too, so that a run can be replayed byte for byte.  Does nothing without the
 * option.  Called by whatever uses a private key.
 */
void random_start(void);

#endif
