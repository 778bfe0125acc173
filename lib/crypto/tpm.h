/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tpm.h - keys in a TPM 2.0, and what a TRE has it do besides signing.
 *
 * A key is named by "handle:0x81000001", a persistent object, or by the DER of a "TSS2 PRIVATE KEY" of
 * a PEM file, which a persistent parent in the TPM loads: that is its reference.  All here dies (3)
 * when the TPM does not do what it is asked, with the TPM's reason.
 */
#ifndef TPM_H
#define TPM_H

#include "crypto/digest.h"
#include "crypto/key.h"

/*
 * The key of a handle or block, as any other; its private part is used where it is.  pin: NULL, none.
 * NULL: it is not on P-256.  Dies (2) of a malformed handle.  name: what messages call it.
 */
EVP_PKEY *tpm_key_of_handle(const char *option, const char *uri, const char *pin);
EVP_PKEY *tpm_key_of_block(const char *option, const char *name, struct bytes der, const char *pin);

bool tpm_holds(const EVP_PKEY *key);
struct bytes tpm_reference(const EVP_PKEY *key);	/* as long as the key */
EVP_PKEY *tpm_key_of(const char *where, struct bytes reference);	/* NULL, dies: as the above */
bool tpm_handle(const char *text, uint32_t *handle);	/* of "handle:0x81......"; false: it is none */

/* For sign.c and agree.c, of keys that the TPM holds: R and S; x of what is agreed with the point x, y. */
void tpm_sign(const EVP_PKEY *key, struct bytes message, uint8_t signature[static 64]);
void tpm_agree(const EVP_PKEY *own, const uint8_t x[static COORDINATE],
    const uint8_t y[static COORDINATE], uint8_t shared[static COORDINATE]);

/* --- the platform's state: tpm_state.c ----------------------------------------------- */

enum { TPM_PCRS = 24 };

/* PCRs are those of SHA-256; a set of them has bit i for PCR i. */
void tpm_pcr(unsigned i, uint8_t value[static DIGEST_LEN]);

/* TPMT_PUBLIC of a key that the TPM holds. Appends. */
void tpm_public(const EVP_PKEY *key, struct buf *out);

/*
 * TPMS_ATTEST by the key platform, with its signature: over PCRs, or over another key.
 * qualifying: what it is made for.  Appends.
 */
void tpm_quote(const EVP_PKEY *platform, uint32_t pcrs, const uint8_t qualifying[static DIGEST_LEN],
    struct buf *attest, uint8_t signature[static 64]);
void tpm_certify(const EVP_PKEY *platform, const EVP_PKEY *key,
    const uint8_t qualifying[static DIGEST_LEN], struct buf *attest, uint8_t signature[static 64]);

/*
 * Seals 32 bytes under the persistent object parent to what the PCRs are now; appends.  Opens them
 * while the PCRs are the same.  where: what messages begin with.
 */
void tpm_seal(const char *where, uint32_t parent, uint32_t pcrs, const uint8_t secret[static DIGEST_LEN],
    struct buf *sealed);
void tpm_unseal(const char *where, uint32_t parent, uint32_t pcrs, struct bytes sealed,
    uint8_t secret[static DIGEST_LEN]);

#endif
