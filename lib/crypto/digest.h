/* SPDX-License-Identifier: Apache-2.0 */
/* digest.h - SHA-256, HMAC and HKDF over it; contexts are fetched once */
#ifndef DIGEST_H
#define DIGEST_H

#include "base/bytes.h"
#include "base/fault.h"

enum { DIGEST_LEN = 32 };

void digest_sha256(struct bytes s, uint8_t out[static DIGEST_LEN]);
enum { PARTS_MAX = 4 };
/* Of the SHA-256 of each of n parts, up to PARTS_MAX: no part can lend its end to the next. */
void digest_parts(const struct bytes *parts, size_t n, uint8_t out[static DIGEST_LEN]);
/* Of a file's content, by blocks; false, with *f of STATUS_WORLD, when it cannot be read. */
bool digest_file(const char *path, uint8_t out[static DIGEST_LEN], struct fault *f);
void digest_hmac(struct bytes key, struct bytes s, uint8_t out[static DIGEST_LEN]);
/* The same in pieces, one after the other; between start and finish, no other HMAC or HKDF. */
void digest_hmac_start(struct bytes key);
void digest_hmac_add(struct bytes piece);
void digest_hmac_finish(uint8_t out[static DIGEST_LEN]);
/* RFC 5869; salt may be empty. n: at most 255 * 32. */
void digest_hkdf(struct bytes secret, struct bytes salt, struct bytes info, uint8_t *out, size_t n);

#endif
