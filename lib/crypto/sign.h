/* SPDX-License-Identifier: Apache-2.0 */
/* sign.h - signatures as COSE carries them: 64 bytes, ES256 (R||S) or EdDSA (RFC 9053 2) */
#ifndef SIGN_H
#define SIGN_H

#include "crypto/der.h"
#include "crypto/key.h"

enum { SIGNATURE = 64, ALG_ES256 = -7, ALG_EDDSA = -8 };

int64_t sign_algorithm(const EVP_PKEY *key);		/* the one a key is for; 0: none of these */
/* dies when it cannot */
void sign_make(EVP_PKEY *key, struct bytes message, uint8_t out[static SIGNATURE]);
bool sign_check(EVP_PKEY *key, int64_t algorithm, struct bytes message, struct bytes signature);

/*
 * As certificates and their kin carry them: a signature by ECDSA is DER (RFC 5758 3.2), by EdDSA 64
 * bytes (RFC 8410).
 */
/* at most; with what is around it */
enum { SIGNATURE_X509 = 72, SIGNATURE_ROOM = SIGNATURE_X509 + 32 };
/* ES256 only */
bool sign_check_x509(EVP_PKEY *key, struct bytes message, struct bytes signature);
struct bytes sign_x509_algorithm(const EVP_PKEY *key);	/* its AlgorithmIdentifier, DER */
/* SEQUENCE { what, algorithm, signature over it }; what: DER. */
void sign_put(struct der *d, EVP_PKEY *key, struct bytes what);
void sign_put_parts(struct der *d, EVP_PKEY *key, struct bytes what);	/* without the SEQUENCE */

#endif
