/* SPDX-License-Identifier: Apache-2.0 */
/*
 * x509.h - role certificates: what they say; trust.h checks them.
 *
 * A role is an extended key usage 1.3.6.1.4.1.32473.33812.N, so that one
 * role's key cannot act for another's.  The subject's common name is the name
 * that objects call the role by.
 */
#ifndef X509_H
#define X509_H

#include "crypto/digest.h"
#include "crypto/key.h"

typedef struct x509_st X509;
typedef struct X509_name_st X509_NAME;
typedef struct asn1_string_st ASN1_TIME;
typedef struct ASN1_ITEM_st ASN1_ITEM;

#define ROLE_ARC "1.3.6.1.4.1.32473.33812"

enum role {			/* N above */
	ROLE_RO = 1, ROLE_DPF = 2, ROLE_SHO = 3, ROLE_PVA = 4, ROLE_M2MES = 5, ROLE_TRE = 6,
	ROLE_US = 7, ROLE_RG = 8
};

const char *role_name(enum role role);	/* "SHO" */

enum { NAME_MAX_X509 = 65 };

struct cert {			/* start with { 0 }; cert_free() it */
	X509 *x;		/* NULL of a PlC that is like another, see plc_run.h */
	EVP_PKEY *key;		/* its public key; lives with x, if there is one */
	struct buf der;
	char name[NAME_MAX_X509];	/* subject common name */
	uint8_t fingerprint[DIGEST_LEN];	/* of the DER */
	uint64_t not_before, not_after;
};

/*
 * False: not one certificate in DER, or not one common name without control characters, or a key
 * that is neither P-256 nor Ed25519 (2).  where may be NULL.
 */
bool cert_read(struct bytes der, struct cert *c, const char *where, struct fault *f);
void cert_copy(const struct cert *c, struct cert *copy);
void cert_der(const struct cert *c, struct buf *out);	/* appends */
bool cert_has_role(const struct cert *c, enum role role);
void cert_free(struct cert *c);
struct bytes cert_serial(const struct cert *c);	/* big-endian, no zero in front; lives with c */
/* SHA-256 of subject and key: the same for all certificates of one CA. */
void cert_issuer_id(const struct cert *c, uint8_t id[static DIGEST_LEN]);

/*
 * One line for people, without its end: subject, roles, issuer, end, SHA-256; of a PlC also what it
 * asserts. Nothing in it was checked. Printable whatever der holds. Appends. For m2m-show.
 */
void cert_describe(struct bytes der, struct buf *out);

/* For the other certificate code. */

enum { ROLES_LEN = 64, SPELT_MAX = 256 };	/* all role names with commas; a name, cut */

X509 *x509_parse(struct bytes der, uint8_t fingerprint[static DIGEST_LEN]);	/* to X509_free(); NULL */
bool x509_has_role(const X509 *x, enum role role);
const char *x509_spell_roles(const X509 *x, char out[static ROLES_LEN]);	/* "RO, DPF" */
/* As RFC 4514 has it: whatever is not printable ASCII is escaped. */
const char *x509_spell(const X509_NAME *name, char out[static SPELT_MAX]);
/* What messages call a certificate by: its common name, or the whole subject as above. */
const char *x509_subject(const X509 *x, char out[static SPELT_MAX]);
bool x509_seconds(const ASN1_TIME *t, uint64_t *out);
/*
 * Append DER: any value of that type; a name; a certificate; a time, as UTCTime before 2050 and
 * GeneralizedTime from then on (RFC 5280 4.1.2.5).
 */
void x509_item_der(const void *value, const ASN1_ITEM *type, struct buf *out);
void x509_name_der(const X509_NAME *name, struct buf *out);
void x509_der(const X509 *x, struct buf *out);
void x509_time_der(uint64_t seconds, struct buf *out);

/* The one attribute of that kind (NID_commonName), plain; false: none, several, empty, long. */
bool name_part(const X509_NAME *name, int nid, char out[static NAME_MAX_X509]);

#endif
