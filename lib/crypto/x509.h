/* SPDX-License-Identifier: Apache-2.0 */
/*
 * x509.h - role certificates, chains and trust.
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

#define ROLE_ARC "1.3.6.1.4.1.32473.33812"

enum role {			/* N above */
	ROLE_RO = 1, ROLE_DPF = 2, ROLE_SHO = 3, ROLE_PVA = 4, ROLE_M2MES = 5, ROLE_TRE = 6,
	ROLE_US = 7, ROLE_RG = 8
};

const char *role_name(enum role role);	/* "SHO" */

enum { NAME_MAX_X509 = 65, CHAIN_MAX = 4 };

struct cert {			/* start with { 0 }; cert_free() it */
	X509 *x;
	EVP_PKEY *key;		/* its public key; lives with x */
	char name[NAME_MAX_X509];	/* subject common name */
	uint8_t fingerprint[DIGEST_LEN];	/* of the DER */
	uint64_t not_before, not_after;
};

/*
 * False: not one certificate in DER, or not one common name without control characters, or a key
 * that is neither P-256 nor Ed25519 (2).  where may be NULL.
 */
bool cert_read(struct bytes der, struct cert *c, const char *where, struct fault *f);
void cert_der(const struct cert *c, struct buf *out);	/* appends */
bool cert_has_role(const struct cert *c, enum role role);
void cert_free(struct cert *c);

/*
 * The certificates of a PEM file, first to last; blocks of other kinds are passed over.  What der
 * points to lives as long as the process.  Dies: 3 unreadable, 2 none or more than CHAIN_MAX.
 */
struct chain {
	struct bytes der[CHAIN_MAX];
	size_t n;
};
void chain_load(const char *option, const char *path, struct chain *c);

struct trust;			/* lives as long as the process */
/* The anchors of a PEM file; dies: 3 unreadable, 2 empty. */
struct trust *trust_load(const char *option, const char *path);
/* NULL: one is no certificate. */
struct trust *trust_from_der(const struct bytes *ders, size_t n);

/*
 * Builds a path from chain->der[0] to an anchor at the time now (RFC 5280 6)
 * and demands the role of the first certificate.  An anchor may be any certificate, even the first
 * itself; the rest of the chain may be empty, superfluous or in any order.  *leaf is filled, and
 * needs cert_free(), on success only; what it held before is not freed.  Refusals:
 * [untrusted-issuer], [expired], [not-yet-valid], [wrong-role]; where names the field that held the
 * chain.  Asking again of the same chain, role and time costs a SHA-256 of the chain.
 */
bool trust_check(struct trust *t, const struct chain *chain, enum role role, uint64_t now,
    struct cert *leaf, const char *where, struct fault *f);

/*
 * One line for people, without its end: subject, roles, issuer, end, SHA-256; of a PlC also what it
 * asserts. Nothing in it was checked. Printable whatever der holds. Appends. For m2m-show.
 */
void cert_describe(struct bytes der, struct buf *out);

/* For the other certificate code. */

/* UTF-8 without control characters: fit for a message, a file name, a terminal. */
bool text_plain(struct text t);
/* The one attribute of that kind (NID_commonName), plain; false: none, several, empty, long. */
bool name_part(const X509_NAME *name, int nid, char out[static NAME_MAX_X509]);

#endif
