/* SPDX-License-Identifier: Apache-2.0 */
/* extension.h - extensions of requests and certificates: the UEID, and what others are made of */
#ifndef EXTENSION_H
#define EXTENSION_H

#include "base/fault.h"
#include "crypto/der.h"
#include "crypto/x509.h"

#define UEID_OID "2.23.133.5.4.4"	/* TCG DICE: SEQUENCE { ueid OCTET STRING } */
enum { UEID_MIN = 7, UEID_MAX = 33 };	/* RFC 9711 4.2.1 */

typedef struct X509_extension_st X509_EXTENSION;
struct stack_st_X509_EXTENSION;

void x509_need(bool done);	/* dies (3) with OpenSSL's reason unless what was called is done */

X509_EXTENSION *extension_new(const char *oid, const ASN1_ITEM *type, const void *value);
/*
 * Append one, encoded: that, which is freed; a known kind of value; the AKI of what issuer
 * issues.
 */
void extension_add(struct buf *out, X509_EXTENSION *e);
void extension_add_known(struct buf *out, int nid, bool critical, void *value);
void extension_add_issuer(struct buf *out, const struct cert *issuer);

/*
 * The one extension of that kind, decoded, to ASN1_item_free(); NULL, and *f: absent, twice, not
 * DER.  name: where, in *f.
 */
void *extension_get(const struct stack_st_X509_EXTENSION *all, const char *oid,
    const ASN1_ITEM *type, const char *name, struct fault *f);

void ueid_put(struct der *d, struct bytes ueid);	/* the whole extension */
bool ueid_get(const struct stack_st_X509_EXTENSION *all, uint8_t ueid[static UEID_MAX], size_t *n,
    struct fault *f);

#endif
