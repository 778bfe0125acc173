/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.h - whether a certificate still holds, a platform credential's or a CA's above it: by its
 * issuer's list (RFC 5280 5) or responder (RFC 6960)
 */
#ifndef STATUS_H
#define STATUS_H

#include "crypto/x509.h"

enum { CRLS_MAX = 32, RESPONSES_MAX = 64 };

struct sources;			/* what there is to go by; lives as long as the process */

/*
 * Lists: blocks "X509 CRL" of a PEM file; responses: DER, one after the other.  NULL: none of
 * that kind is demanded; both NULL: answers NULL.  skew: seconds another clock may be ahead. 
 * Dies: 3 unreadable; 2 malformed, too many, or a list without nextUpdate, with an unknown
 * critical extension, or a delta.
 */
struct sources *status_load(const char *crls, const char *responses, uint64_t skew);

/*
 * Of a certificate and the one that issued it (NULL: not known), by all kinds that are demanded:
 * [revoked], also for a hold; [superseded]; [unknown-device]: its CA never issued it;
 * [no-status]: nothing there is about it; [stale-status]: what there is has ended, or lies more
 * than the skew ahead; [untrusted-responder]: who signed has no right to; [bad-signature].
 * A responder is the CA, or a delegate that the CA itself certified for OCSPSigning and for not
 * being checked in turn (id-pkix-ocsp-nocheck): else nobody would say whether that one still holds.
 */
bool status_check(struct sources *s, X509 *x, X509 *issuer, uint64_t now, const char *where,
    struct fault *f);

/* Between status.c and its two kinds. */

bool status_in_time(const char *what, uint64_t from, uint64_t until, uint64_t now, uint64_t skew,
    struct fault *f);
bool status_of_revoked(X509 *x, unsigned reason, uint64_t since, const char *where,
    struct fault *f);
bool status_digest_is_strong(int signature_nid);	/* SHA-256 or better */

struct crls;
struct crls *crls_load(const char *path, uint64_t skew);
bool crls_check(struct crls *c, X509 *x, X509 *issuer, uint64_t now, const char *where,
    struct fault *f);

struct responses;
struct responses *responses_load(const char *path, uint64_t skew);
bool responses_check(const struct responses *r, X509 *x, X509 *issuer, uint64_t now,
    const char *where, struct fault *f);

#endif
