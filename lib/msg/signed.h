/* SPDX-License-Identifier: Apache-2.0 */
/* signed.h - objects signed by a role: made with its key and certificate, opened against anchors and role */
#ifndef SIGNED_H
#define SIGNED_H

#include "crypto/trust.h"
#include "msg/cose.h"
#include "wire/item.h"

struct signer {			/* lives as long as the process */
	EVP_PKEY *key;
	struct chain chain;	/* its certificate first */
	struct cert cert;
};

/* From --key and --cert; dies when they do not belong together (2) or the certificate lacks the role (2). */
void signer_load(struct signer *s, const char *key_uri, const char *cert_path, enum role role);

/* object: the record of the COSE_Sign1; claims: the struct of its payload. Appends. */
void signed_encode(const struct signer *s, const struct record *object, const void *claims,
    struct buf *out);

/*
 * Opens what must be that object, signed by a holder of its role: type, table, chain to an anchor at
 * the time now, role, signature, and, where the claims have an issuer, that it is who signed - in this
 * order.  *claims: views of encoded.  *who (may be NULL) is filled, and needs cert_free(), when true.
 * Refusals: [untrusted-issuer] [expired] [not-yet-valid] [wrong-role] [wrong-issuer] [bad-signature]
 * [wrong-signer].  where in *f starts with the object's name.
 */
bool signed_open(struct bytes encoded, const struct record *object, struct trust *anchors, uint64_t now,
    void *claims, struct cert *who, struct fault *f);

/* The same of an item; any other than that object is a fault. */
bool signed_take(const struct item *item, const struct record *object, struct trust *anchors,
    uint64_t now, void *claims, struct cert *who, struct fault *f);

/* The same of a copy of the item in *keep, so that views outlive the step; when it fails, *claims is all zero. */
bool signed_keep(const struct item *item, const struct record *object, struct trust *anchors,
    uint64_t now, void *claims, struct buf *keep, struct fault *f);

/* What is signed in an encoded object: all but the signature. */
struct bytes signed_part(struct bytes object);

/*
 * SHA-256 over what is signed in n opened objects, up to PARTS_MAX.  It is what tells whether the same comes again: of
 * the signature (r, s) anybody can make another that holds, (r, n - s), and signers sign anew.
 */
void signed_digest(const struct bytes *objects, size_t n, uint8_t out[static DIGEST_LEN]);

enum { SIGNED_SKEW = 300 };	/* seconds another clock may be ahead */

/* Refuses what was issued more than skew seconds ahead of now [not-yet-valid].  object: for f->where. */
bool signed_by_clock(const char *object, uint64_t iat, uint64_t now, uint64_t skew, struct fault *f);

/*
 * Refuses what was issued more than SIGNED_SKEW ahead of now [not-yet-valid], or whose exp has come
 * [expired]; exp 0: without end.
 */
bool signed_in_time(const char *object, uint64_t iat, uint64_t exp, uint64_t now, struct fault *f);

/* When what is issued now ends; never later than a time can be written. */
uint64_t signed_until(uint64_t now, uint64_t validity);

#endif
