/* SPDX-License-Identifier: Apache-2.0 */
/* trust_path.h - why there is no path to an anchor, in words; for trust.c */
#ifndef TRUST_PATH_H
#define TRUST_PATH_H

#include "crypto/x509.h"

typedef struct x509_store_ctx_st X509_STORE_CTX;

/*
 * After X509_verify_cert() failed: [expired] [not-yet-valid], or [untrusted-issuer] for all else,
 * naming the certificate that it stopped at.  False, always.
 */
bool trust_refuse_path(X509_STORE_CTX *ctx, const char *where, struct fault *f);

#endif
