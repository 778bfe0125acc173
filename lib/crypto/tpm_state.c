/* SPDX-License-Identifier: Apache-2.0 */
/* The platform's state as the TPM knows it: quotes, certified keys, a secret sealed to PCRs. */
#include "base/die.h"
#include "crypto/secret.h"
#include "crypto/tpm.h"
#include "crypto/tpm_key.h"

const TPMT_SIG_SCHEME tpm_ecdsa = {
	.scheme = TPM2_ALG_ECDSA, .details.ecdsa.hashAlg = TPM2_ALG_SHA256
};

static TPML_PCR_SELECTION
selection(uint32_t pcrs)
{
	return (TPML_PCR_SELECTION){ .count = 1, .pcrSelections = { {
		.hash = TPM2_ALG_SHA256, .sizeofSelect = TPM_PCRS / 8,
		.pcrSelect = { (uint8_t)pcrs, (uint8_t)(pcrs >> 8), (uint8_t)(pcrs >> 16) },
	} } };
}

void
tpm_pcr(unsigned i, uint8_t value[static DIGEST_LEN])
{
	TPML_PCR_SELECTION wanted = selection(UINT32_C(1) << i), *selected;
	TPML_DIGEST *values;
	uint32_t counter;

	tss_need(tss.Esys_PCR_Read(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &wanted, &counter,
	    &selected, &values), "the TPM shows no PCR");
	if (values->count != 1 || values->digests[0].size != DIGEST_LEN)
		die_world("the TPM has no PCR %u of SHA-256", i);
	memcpy(value, values->digests[0].buffer, DIGEST_LEN);
	tss.Esys_Free(selected);
	tss.Esys_Free(values);
}

void
tpm_public(const EVP_PKEY *key, struct buf *out)
{
	size_t n = 0;
	uint8_t *at = buf_room(out, sizeof(TPMT_PUBLIC));

	tss_need(tss.Tss2_MU_TPMT_PUBLIC_Marshal(&tpm_object(key)->public, at, sizeof(TPMT_PUBLIC), &n),
	    "cannot write out a public key");
	out->n += n;
}

/* --- attesting ----------------------------------------------------------------- */

static TPM2B_DATA
data(const uint8_t qualifying[static DIGEST_LEN])
{
	TPM2B_DATA d = { .size = DIGEST_LEN };

	memcpy(d.buffer, qualifying, DIGEST_LEN);
	return d;
}

static void
put_attest(TPM2B_ATTEST *a, TPMT_SIGNATURE *s, struct buf *attest, uint8_t signature[static 64])
{
	buf_add(attest, (struct bytes){ a->attestationData, a->size });
	tpm_signature(s, signature);
	tss.Esys_Free(a);
	tss.Esys_Free(s);
}

void
tpm_quote(const EVP_PKEY *platform, uint32_t pcrs, const uint8_t qualifying[static DIGEST_LEN],
    struct buf *attest, uint8_t signature[static 64])
{
	TPML_PCR_SELECTION selected = selection(pcrs);
	TPM2B_DATA d = data(qualifying);
	TPM2B_ATTEST *a;
	TPMT_SIGNATURE *s;

	tss_need(tss.Esys_Quote(esys, tpm_loaded(platform), ESYS_TR_PASSWORD, ESYS_TR_NONE,
	    ESYS_TR_NONE, &d, &tpm_ecdsa, &selected, &a, &s), "the TPM gives no quote");
	put_attest(a, s, attest, signature);
}

void
tpm_certify(const EVP_PKEY *platform, const EVP_PKEY *key,
    const uint8_t qualifying[static DIGEST_LEN], struct buf *attest, uint8_t signature[static 64])
{
	TPM2B_DATA d = data(qualifying);
	TPM2B_ATTEST *a;
	TPMT_SIGNATURE *s;

	tss_need(tss.Esys_Certify(esys, tpm_loaded(key), tpm_loaded(platform),
	    ESYS_TR_PASSWORD, ESYS_TR_PASSWORD, ESYS_TR_NONE, &d, &tpm_ecdsa, &a, &s),
	    "the TPM does not certify the key");
	put_attest(a, s, attest, signature);
}

/* --- sealing ------------------------------------------------------------------- */

/* With the parent's key, so that what goes over the bus under it is encrypted. */
static ESYS_TR
session(ESYS_TR parent, TPM2_SE type)
{
	const TPMT_SYM_DEF aes = {
		.algorithm = TPM2_ALG_AES, .keyBits.aes = 128, .mode.aes = TPM2_ALG_CFB
	};
	const TPMA_SESSION encrypt = TPMA_SESSION_DECRYPT | TPMA_SESSION_ENCRYPT;
	ESYS_TR s;

	tss_need(tss.Esys_StartAuthSession(esys, parent, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
	    ESYS_TR_NONE, NULL, type, &aes, TPM2_ALG_SHA256, &s), "the TPM starts no session");
	tss_opened(s);
	tss_need(tss.Esys_TRSess_SetAttributes(esys, s, encrypt, encrypt), "the TPM encrypts no session");
	return s;
}

static void
policy(ESYS_TR s, uint32_t pcrs)
{
	const TPML_PCR_SELECTION selected = selection(pcrs);
	const TPM2B_DIGEST now = { 0 };

	tss_need(tss.Esys_PolicyPCR(esys, s, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &now, &selected),
	    "the TPM knows no such PCRs");
}

static void
marshal(const TPM2B_PUBLIC *public, const TPM2B_PRIVATE *private, struct buf *out)
{
	enum { MOST = sizeof *public + sizeof *private };
	uint8_t *at = buf_room(out, MOST);
	size_t n = 0;

	tss_need(tss.Tss2_MU_TPM2B_PUBLIC_Marshal(public, at, MOST, &n), "cannot write out a sealed key");
	tss_need(tss.Tss2_MU_TPM2B_PRIVATE_Marshal(private, at, MOST, &n), "cannot write out a sealed key");
	out->n += n;
}

/* No user auth, no duplication: the policy alone opens it, on this TPM alone. */
static TPM2B_PUBLIC
template(const TPM2B_DIGEST *authorized)
{
	return (TPM2B_PUBLIC){ .publicArea = {
		.type = TPM2_ALG_KEYEDHASH, .nameAlg = TPM2_ALG_SHA256,
		.objectAttributes = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_NODA |
		    TPMA_OBJECT_ADMINWITHPOLICY,
		.authPolicy = *authorized,
		.parameters.keyedHashDetail.scheme.scheme = TPM2_ALG_NULL,
	} };
}

void
tpm_seal(const char *where, uint32_t parent, uint32_t pcrs, const uint8_t secret[static DIGEST_LEN],
    struct buf *sealed)
{
	static const TPM2B_DATA no_data;
	static const TPML_PCR_SELECTION no_pcrs;
	TPM2B_SENSITIVE_CREATE sensitive = { .sensitive.data.size = DIGEST_LEN };
	ESYS_TR under, s;
	TPM2B_DIGEST *authorized, *creation_digest;
	TPM2B_PUBLIC wanted, *public;
	TPM2B_PRIVATE *private;
	TPM2B_CREATION_DATA *creation;
	TPMT_TK_CREATION *ticket;

	tss_start(where);
	tpm_make_room();
	under = tpm_persistent(parent);
	s = session(under, TPM2_SE_TRIAL);
	policy(s, pcrs);
	tss_need(tss.Esys_PolicyGetDigest(esys, s, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &authorized),
	    "the TPM gives no policy");
	tss_flush(s);
	wanted = template(authorized);
	memcpy(sensitive.sensitive.data.buffer, secret, DIGEST_LEN);
	s = session(under, TPM2_SE_HMAC);
	tss_need(tss.Esys_Create(esys, under, ESYS_TR_PASSWORD, s, ESYS_TR_NONE, &sensitive,
	    &wanted, &no_data, &no_pcrs, &private, &public, &creation, &creation_digest, &ticket),
	    "the TPM seals nothing");
	secret_wipe(&sensitive, sizeof sensitive);
	tss_flush(s);
	marshal(public, private, sealed);
	tss.Esys_Free(authorized);
	tss.Esys_Free(public);
	tss.Esys_Free(private);
	tss.Esys_Free(creation);
	tss.Esys_Free(creation_digest);
	tss.Esys_Free(ticket);
}

static ESYS_TR
load_sealed(ESYS_TR parent, struct bytes sealed)
{
	static const char damaged[] = "a sealed key is damaged";
	TPM2B_PUBLIC public = { 0 };
	TPM2B_PRIVATE private = { 0 };
	size_t n = 0;
	ESYS_TR object;

	tss_need(tss.Tss2_MU_TPM2B_PUBLIC_Unmarshal(sealed.p, sealed.n, &n, &public), damaged);
	tss_need(tss.Tss2_MU_TPM2B_PRIVATE_Unmarshal(sealed.p, sealed.n, &n, &private), damaged);
	tss_need(tss.Esys_Load(esys, parent, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &private,
	    &public, &object), "the TPM does not load the sealed key");
	return tss_opened(object);
}

static bool
is_policy_failure(TSS2_RC rc)
{
	return (rc & (TPM2_RC_FMT1 | 0x3f)) == TPM2_RC_POLICY_FAIL;	/* without its parameter */
}

void
tpm_unseal(const char *where, uint32_t parent, uint32_t pcrs, struct bytes sealed,
    uint8_t secret[static DIGEST_LEN])
{
	TPM2B_SENSITIVE_DATA *opened;
	ESYS_TR under, object, s;
	TSS2_RC rc;

	tss_start(where);
	tpm_make_room();
	under = tpm_persistent(parent);
	s = session(under, TPM2_SE_POLICY);
	object = load_sealed(under, sealed);
	policy(s, pcrs);
	rc = tss.Esys_Unseal(esys, object, s, ESYS_TR_NONE, ESYS_TR_NONE, &opened);
	if (is_policy_failure(rc))
		die_world("the TPM does not open the storage key: its PCRs are not as they were");
	tss_need(rc, "the TPM does not open the storage key");
	if (opened->size != DIGEST_LEN)
		die_world("the TPM opens a storage key of another length");
	memcpy(secret, opened->buffer, DIGEST_LEN);
	secret_wipe(opened, sizeof *opened);
	tss.Esys_Free(opened);
	tss_flush(object);
	tss_flush(s);
}
