/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cms.h - the alternative envelope: AuthEnvelopedData (RFC 5083) to one key on P-256, and
 * SignedData (RFC 5652) over it.
 *
 * OpenSSL 3.0 authenticates nothing beside what it decrypts (RFC 5083 2.2), so that what stands in
 * the clear is bound to what is sealed by the user keying material: the key that wraps the content
 * key is made of it (RFC 5753 7.2).
 */
#ifndef CMS_H
#define CMS_H

#include "crypto/trust.h"

/*
 * Appends a ContentInfo: ECDH by an ephemeral key (dhSinglePass-stdDH-sha256kdf), AES-256 key wrap,
 * AES-256-GCM.  id: names the recipient's key (subjectKeyIdentifier); bound: 32 bytes.
 */
void cms_seal(EVP_PKEY *recipient, struct bytes id, struct bytes bound, struct bytes plain,
    struct buf *out);

/*
 * Appends what is inside.  Malformed: 2.  Refused: [tampered] it is bound to other bytes, or the
 * content was changed, [not-for-us] the key does not open it.
 */
bool cms_unseal(EVP_PKEY *own, struct bytes bound, struct bytes sealed, struct buf *out,
    struct fault *f);

/*
 * Appends a SignedData over content, a ContentInfo, with the certificates of the signer and claims
 * as a signed attribute.  False, *f of STATUS_REQUEST: the key is not on P-256.
 */
bool cms_sign(EVP_PKEY *key, const struct chain *signer, uint64_t when, struct bytes claims,
    struct bytes content, struct buf *out, struct fault *f);

struct CMS_ContentInfo_st;
struct cms {			/* a SignedData of one signer, read; start with { 0 }, cms_free() it */
	struct CMS_ContentInfo_st *info;
	struct bytes claims, content;	/* views of info */
	struct chain chain;		/* the signer's certificate first */
	struct buf der[CHAIN_MAX];	/* what chain points into */
};
/* Of DER that is this and nothing else; nothing of it is checked. False: *f of STATUS_REQUEST. */
bool cms_read(struct bytes der, struct cms *c, struct fault *f);
bool cms_verify(const struct cms *c);	/* whether chain.der[0]'s key signed claims and content */
void cms_free(struct cms *c);

#endif
