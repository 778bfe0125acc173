/* SPDX-License-Identifier: Apache-2.0 */
/* random.h - randomness in blocks; with --random FILE, the bytes of that file in order */
#ifndef RANDOM_H
#define RANDOM_H

#include <stddef.h>
#include <stdint.h>

/*
 * Fills p with n bytes.  Drawn 16 KiB at a time from the kernel and wiped as
 * they are handed out.  Dies (3) when the generator fails or the --random
 * file is used up.
 */
void random_bytes(uint8_t *p, size_t n);

/*
 * From then on blocks come from OpenSSL's generator, more than ten times as
 * fast; and with --random FILE OpenSSL's own draws (keys, ECDSA nonces, IVs)
 * come from there too, so that a run can be replayed byte for byte.  Called
 * by whatever uses a private key, and by tools that draw by the million.
 */
void random_start(void);

/* Between the two: answers 1, or 0 when it fails. */
typedef int random_source(unsigned char *p, int n);
void random_draw_from(random_source *source);
random_source random_replay;	/* one reader for all who draw, so that the order of draws is the order of bytes */

#endif
