/* SPDX-License-Identifier: Apache-2.0 */
/* trust.h - anchors, and the paths that lead to them (RFC 5280 6) */
#ifndef TRUST_H
#define TRUST_H

#include "crypto/x509.h"

enum { CHAIN_MAX = PARTS_MAX, ANCHORS_MAX = 32 };

struct chain {			/* of a signer, its own certificate first; DER */
	struct bytes der[CHAIN_MAX];
	size_t n;
};
/* Of a PEM file: pemfile_certificates(). */
void chain_load(const char *option, const char *path, struct chain *c);

struct trust;			/* lives as long as the process */
/* The anchors of a PEM file, up to ANCHORS_MAX; dies: 3 unreadable, 2 empty. */
struct trust *trust_load(const char *option, const char *path);
/* NULL: one is no certificate. */
struct trust *trust_from_der(const struct bytes *ders, size_t n);

/*
 * Demands of platform credentials, and of each CA between them and the anchor, from now on, that
 * they still hold: by these files, of which either may be NULL; see status_load().
 */
void trust_demand_status(struct trust *t, const char *crls, const char *responses, uint64_t skew);

/*
 * Builds a path from chain->der[0] to an anchor at the time now (RFC 5280 6), demands the role of
 * the first certificate, and that the CAs above it may issue that role: above a TRE's certificate all
 * have the role M2MES, above any other none has.  An anchor may be any certificate, even the first
 * itself, which then needs no issuer; the rest of the chain may be empty, superfluous or in any
 * order.  *leaf is filled, and needs cert_free(), on success only; what it held before is not freed.
 * Refusals, in this order: [untrusted-issuer] [expired] [not-yet-valid], [wrong-role], [wrong-issuer],
 * then those of status_check() if that was demanded;
 * where names the field that held the chain.  Asking again of the same chain, role and time costs a
 * SHA-256 of the chain; asking of another PlC of a run (plc_run.h), unless its status is demanded,
 * a signature.
 */
bool trust_check(struct trust *t, const struct chain *chain, enum role role, uint64_t now,
    struct cert *leaf, const char *where, struct fault *f);

#endif
