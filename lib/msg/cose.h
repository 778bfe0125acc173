/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cose.h - COSE structures and what is signed and sealed in them (RFC 9052, 9053, 9360).
 *
 * It stands in msg, not in crypto, because it needs both the wire and the
 * cryptography, and those two do not know each other.
 */
#ifndef COSE_H
#define COSE_H

#include "crypto/x509.h"
#include "wire/record.h"

enum { TAG_ENCRYPT0 = 16, TAG_SIGN1 = 18, TAG_ENCRYPT = 96 };

/* A choice of cose_algorithms, from 1. */
enum {
	COSE_ES256 = 1, COSE_EDDSA, COSE_A128GCM, COSE_A256GCM, COSE_ECDH_ES_A128KW, COSE_ECDH_ES_A256KW,
	COSE_DIRECT
};
extern const struct choices cose_algorithms;

struct cose_key {		/* EC2 on P-256, public (RFC 9053 7.1) */
	uint64_t kty, crv;
	struct bytes x, y;	/* 32 bytes each */
};
extern const struct record cose_key_record;
/* SHA-256 that names the key (RFC 9679). */
void cose_thumbprint(const struct cose_key *key, uint8_t out[static DIGEST_LEN]);

struct cose_header {		/* any header, protected or not */
	uint64_t alg;
	struct text content_type;
	struct bytes kid, iv;
	struct list x5chain;		/* of DER certificates, the signer's first */
	struct cose_key ephemeral_key;
};
extern const struct record cose_header_record;
extern const struct field cose_x5chain_element;

struct cose_empty {		/* an unprotected header of ours: nothing stands outside the signature */
	char nothing;
};
extern const struct record cose_empty_record, cose_signed_header_record;

struct cose_sign1 {
	struct bytes protected;		/* encoded cose_header */
	struct cose_empty unprotected;
	struct bytes payload;		/* encoded claims */
	struct bytes signature;
};

/* The table of an object that role signs: COSE_SIGN1(report, "report", ROLE_TRE, report_claims_record) makes report_record. */
#define COSE_SIGN1(object, name, role, claims) \
	static const struct field object##_fields[] = { \
		FIELD_EMBEDDED(cose_sign1, 0, protected, ENVELOPE, 8192, &cose_signed_header_record), \
		FIELD_RECORD(cose_sign1, 1, unprotected, ENVELOPE, &cose_empty_record), \
		FIELD_EMBEDDED(cose_sign1, 2, payload, REQUIRED, 65536, &claims), \
		FIELD(cose_sign1, 3, signature, ENVELOPE, 64, 64), \
	}; \
	const struct record object##_record = RECORD(cose_sign1, name, object##_fields, \
	    .type = name "/1", .tag = TAG_SIGN1, .array = true, .signer = role)

/* Sig_structure of "Signature1", signed or checked; alg: the choice that the caller read in the header. */
void cose_sign(EVP_PKEY *key, struct bytes protected, struct bytes external, struct bytes payload,
    uint8_t signature[static 64]);
bool cose_verify(EVP_PKEY *key, uint64_t alg, struct bytes protected, struct bytes external,
    struct bytes payload, struct bytes signature);

struct cose_encrypt {		/* one recipient, ECDH-ES+A256KW (or A128KW, when reading), AES-GCM */
	struct bytes protected;
	struct cose_header unprotected;		/* iv */
	struct bytes ciphertext;
	struct list recipients;			/* of exactly one struct cose_recipient */
};
struct cose_recipient {
	struct bytes protected;
	struct cose_header unprotected;		/* ephemeral key */
	struct bytes encrypted_key;
};
extern const struct record cose_encrypt_record;
extern const struct field cose_recipient_element;

/* Appends a COSE_Encrypt to the holder of recipient, with A256GCM under a fresh key. */
void cose_encrypt(EVP_PKEY *recipient, struct bytes external, struct bytes plain, struct buf *out);

/*
 * Appends what is inside.  Malformed: 2.  Refused: [not-for-us] the key cannot
 * be unwrapped (other recipient, or changed), [tampered] body or external data changed.
 */
bool cose_decrypt(EVP_PKEY *own, struct bytes encrypted, struct bytes external, struct buf *out,
    struct fault *f);

struct cose_encrypt0 {		/* under a key both sides hold: the TRE's own store */
	struct bytes protected;
	struct cose_header unprotected;		/* iv */
	struct bytes ciphertext;
};
extern const struct record cose_encrypt0_record;

/* key: 16 bytes (A128GCM) or 32 (A256GCM). Refused: [tampered]. */
void cose_encrypt0(struct bytes key, struct bytes external, struct bytes plain, struct buf *out);
bool cose_decrypt0(struct bytes key, struct bytes encrypted, struct bytes external, struct buf *out,
    struct fault *f);

#endif
