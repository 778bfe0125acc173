/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plc.h - the platform credential (PlC): an IDevID-like certificate of the
 * equipment supplier over a TRE's platform key, which asserts the expected
 * system state in a TCG DiceTcbInfo extension (2.23.133.5.4.1), the device's
 * UEID (2.23.133.5.4.4) and a hardwareModuleName (RFC 4108 5).
 */
#ifndef PLC_H
#define PLC_H

#include "crypto/tcb.h"

/*
 * Whether a certificate with the role M2MES can issue PlCs; false: 2, it is no CA's or has no
 * subject key identifier for them to point to.
 */
bool plc_may_issue(const struct cert *c, const char *where, struct fault *f);

struct plc_issuer {
	EVP_PKEY *key;
	struct cert cert;	/* the M2MES's: its key is the above, and plc_may_issue() */
};

/* What the PlCs of one run have in common, encoded once. */
struct plc_form {
	struct plc_issuer issuer;
	struct buf name, validity, uses;
	struct buf state;	/* expected; and where its status is asked for */
	bool checked;		/* the first one verifies */
};
/*
 * ocsp: the URL of the responder, ASCII; may be NULL.  Dies: 2 of a text that is not plain or a
 * digest of another length.
 */
void plc_form(struct plc_form *form, const struct plc_issuer *issuer, const struct tcb *tcb,
    const char *ocsp, uint64_t not_before, uint64_t not_after);

/* Unpredictable: positive, not zero, and never shorter than it should be (RFC 5280 4.1.2.2). */
enum { PLC_SERIAL = 16 };
void plc_draw_serial(uint8_t serial[static PLC_SERIAL]);

/*
 * Issues: version 3, that serial, subject as requested, notAfter
 * 99991231235959Z for WHEN_MAX (RFC 5280 4.1.2.5), AKI, keyUsage digitalSignature, EKU of the role
 * TRE, UEID, DiceTcbInfo, the URL if there is one, subjectAltName hardwareModuleName{hwType
 * 1.3.6.1.4.1.32473.33812, serial}. Appends DER.
 */
void plc_issue(struct plc_form *form, const struct csr *csr,
    const uint8_t serial[static PLC_SERIAL], struct buf *out);

/* For plc_run.c: the content alone, and the bytes it takes at most. */
void plc_put(struct der *d, const struct plc_form *form, const struct csr *csr,
    const uint8_t serial[static PLC_SERIAL]);
size_t plc_room(const struct plc_form *form);

struct plc {
	uint8_t ueid[UEID_MAX];
	size_t ueid_n;
	struct tcb tcb;		/* views of the certificate's DER */
};

/* The extensions of a certificate that was checked; false: 2, with where (may be NULL). */
bool plc_read(struct bytes der, struct plc *p, const char *where, struct fault *f);
/* The same of one that was opened; *p: views of *c. */
bool plc_of(const struct cert *c, struct plc *p, const char *where, struct fault *f);

/* For cert_describe(): ", ueid 01..., vendor/model/version, svn 7, 2 measurements, tpm". Appends. */
void plc_describe(struct bytes der, struct buf *out);

#endif
