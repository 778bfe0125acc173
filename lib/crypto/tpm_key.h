/* SPDX-License-Identifier: Apache-2.0 */
/* tpm_key.h - objects in the TPM, for tpm.c and tpm_state.c */
#ifndef TPM_KEY_H
#define TPM_KEY_H

#include "crypto/tss.h"

struct tpm_key {
	ESYS_TR object;		/* ESYS_TR_NONE: a block that is not loaded just now */
	TPMT_PUBLIC public;
	struct buf reference;	/* its handle as text, or its block */
	const char *pin;
	struct tpm_key *next;
};

struct tpm_key *tpm_object(const EVP_PKEY *key);	/* NULL: the TPM does not hold it */
ESYS_TR tpm_loaded(const EVP_PKEY *key);		/* its object; dies (3) when the TPM does not load it */
void tpm_make_room(void);				/* blocks leave the TPM, until they are used again */
ESYS_TR tpm_persistent(uint32_t handle);		/* dies (3) when there is none */

extern const TPMT_SIG_SCHEME tpm_ecdsa;			/* with SHA-256 */
void tpm_signature(const TPMT_SIGNATURE *from, uint8_t to[static 64]);

#endif
