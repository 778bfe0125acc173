/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csr.h - a TRE's request (PKCS#10, RFC 2986) for its platform credential: P-256, ES256, the
 * subject serialNumber = serial and CN = "M2ME " serial, the UEID as the one requested extension.
 */
#ifndef CSR_H
#define CSR_H

#include "crypto/x509.h"

enum { UEID_MIN = 7, UEID_MAX = 33 };	/* RFC 9711 4.2.1 */
enum { SERIAL_MAX = NAME_MAX_X509 - (int)sizeof "M2ME " };	/* bytes of a serial number */

/* 1..SERIAL_MAX characters of PrintableString (RFC 5280 A.1): letters, digits, blank and '()+,-./:=? */
bool serial_fits(const char *serial);

/* Signed by the platform key. Appends DER. Dies (2) when serial or ueid do not fit. */
void csr_make(EVP_PKEY *platform, const char *serial, struct bytes ueid, struct buf *out);

struct csr {
	EVP_PKEY *key;		/* owned; csr_free() */
	char serial[NAME_MAX_X509];
	uint8_t ueid[UEID_MAX];
	size_t ueid_n;
};

/*
 * Proof of possession is checked: [bad-signature]. Malformed, or anything but what csr_make() puts
 * in, no more and no less: 2. On false there is nothing to free.
 */
bool csr_read(struct bytes der, struct csr *c, struct fault *f);
void csr_free(struct csr *c);

/* For tcb.c and plc.c: extensions, and the subject that a request and its certificate have in common. */

#define UEID_OID "2.23.133.5.4.4"	/* TCG DICE: SEQUENCE { ueid OCTET STRING } */

typedef struct ASN1_ITEM_st ASN1_ITEM;
typedef struct X509_extension_st X509_EXTENSION;
struct stack_st_X509_EXTENSION;

void x509_need(bool done);	/* dies (3) with OpenSSL's reason unless what was called is done */
void subject_fill(X509_NAME *name, const char *serial);

X509_EXTENSION *extension_new(const char *oid, const ASN1_ITEM *type, const void *value);
X509_EXTENSION *ueid_extension(struct bytes ueid);

/*
 * The one extension of that kind, decoded, to ASN1_item_free(); NULL, and *f: absent, twice, not
 * DER.  name: where, in *f.
 */
void *extension_get(const struct stack_st_X509_EXTENSION *all, const char *oid,
    const ASN1_ITEM *type, const char *name, struct fault *f);
bool ueid_get(const struct stack_st_X509_EXTENSION *all, uint8_t ueid[static UEID_MAX], size_t *n,
    struct fault *f);

#endif
