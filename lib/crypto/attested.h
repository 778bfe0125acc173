/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attested.h - what a TPM said under its signature, taken apart by whoever has no TPM
 * (TPM 2.0 Library, part 2: TPMS_ATTEST, TPMT_PUBLIC).
 */
#ifndef ATTESTED_H
#define ATTESTED_H

#include "crypto/digest.h"
#include "crypto/key.h"

enum { ATTESTED_CERTIFY = 0x8017, ATTESTED_QUOTE = 0x8018 };

struct attested {		/* views */
	uint16_t type;		/* one of the above */
	struct bytes qualifying;	/* extraData */
	uint32_t pcrs;			/* quote: bit i for PCR i of SHA-256; 0 when it is of other banks */
	struct bytes pcr_digest;	/* quote */
	struct bytes name;		/* certify: of the key */
};
/* False: it is no TPM's (magic), neither quote nor certification, or is not that and nothing more. */
bool attested_read(struct bytes attest, struct attested *a);

struct tpm_public {		/* a key on P-256 */
	uint32_t attributes;
	uint8_t x[COORDINATE], y[COORDINATE];
	uint8_t name[2 + DIGEST_LEN];	/* SHA-256 of all of it, behind the algorithm's number */
};
/* False: not a key on P-256 named by SHA-256, and nothing more. */
bool tpm_public_read(struct bytes public, struct tpm_public *p);

/* Made in this TPM, never to leave it, and for agreeing on keys alone. */
bool tpm_public_only_agrees(const struct tpm_public *p);
/* The same, and signs only what the TPM made or digested. */
bool tpm_public_attests(const struct tpm_public *p);

#endif
