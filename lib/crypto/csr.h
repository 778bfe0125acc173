/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csr.h - a TRE's request (PKCS#10, RFC 2986) for its platform credential: P-256, ES256, the
 * subject serialNumber = serial and CN = "M2ME " serial, the UEID as the one requested extension.
 */
#ifndef CSR_H
#define CSR_H

#include "crypto/extension.h"
#include "crypto/x509.h"

enum { SERIAL_MAX = NAME_MAX_X509 - (int)sizeof "M2ME " };	/* bytes of a serial number */

/*
 * 1..SERIAL_MAX characters of PrintableString (RFC 5280 A.1): letters, digits, blank and
 * '()+,-./:=?
 */
bool serial_fits(const char *serial);

/* Signed by the platform key. Appends DER. Dies (2) when serial or ueid do not fit. */
void csr_make(EVP_PKEY *platform, const char *serial, struct bytes ueid, struct buf *out);

struct csr {
	uint8_t x[COORDINATE], y[COORDINATE];	/* of its key */
	char serial[NAME_MAX_X509];
	uint8_t ueid[UEID_MAX];
	size_t ueid_n;
};

/*
 * Proof of possession is checked: [bad-signature]. Malformed, or anything but what csr_make() puts
 * in, no more and no less: 2.
 */
bool csr_read(struct bytes der, struct csr *c, struct fault *f);

/* For plc.c: each writes one value, the subject and the SubjectPublicKeyInfo (RFC 5480 2). */
enum { SUBJECT_MAX = 2 * NAME_MAX_X509 + 64 };	/* bytes */
void subject_put(struct der *d, const char *serial);
void subject_name(const char *serial, char name[static NAME_MAX_X509]);	/* its common name */
void p256_put(struct der *d, const uint8_t x[static COORDINATE],
    const uint8_t y[static COORDINATE]);

/* Between csr.c and csr_other.c. */
bool csr_read_otherwise(struct bytes der, struct csr *c, struct fault *f);
bool csr_not_possessed(struct fault *f);	/* false, and *f */

#endif
