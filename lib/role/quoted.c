/* SPDX-License-Identifier: Apache-2.0 */
#include "role/quoted.h"

#include "crypto/attested.h"
#include "crypto/sign.h"

#define NO_TPM "the device has no TPM"

/* --- the quote ----------------------------------------------------------------------- */

/* A statement of the TPM that is signed with the certified key and made for this evidence. */
static bool
is_said(const struct evidence *e, EVP_PKEY *platform, struct bytes attest, struct bytes signature,
    uint16_t type, struct attested *a)
{
	uint8_t qualifying[QUALIFYING];

	evidence_qualifying(e, qualifying);
	return sign_check(platform, ALG_ES256, attest, signature) && attested_read(attest, a) &&
	    a->type == type && bytes_equal(a->qualifying, BYTES(qualifying));
}

/* The values that came with it are those that the TPM digested. */
static bool
values_fit(const struct tpm_evidence *t, const struct attested *a)
{
	static struct buf all;
	uint8_t digest[DIGEST_LEN];
	uint32_t pcrs = 0;
	struct pcr pcr;
	size_t at = 0;

	all.n = 0;
	while (list_next(&pcr_element, t->pcrs, &at, &pcr)) {
		pcrs |= UINT32_C(1) << pcr.index;
		buf_add(&all, pcr.value);
	}
	digest_sha256(buf_bytes(&all), digest);
	return a->pcrs == pcrs && bytes_equal(a->pcr_digest, BYTES(digest));
}

void
judge_quote(const struct evidence *e, EVP_PKEY *platform, struct finding *n)
{
	const struct tpm_evidence *t = &e->tpm;
	struct attested a;

	if (e->tre_class != TRE_TPM)
		unasked(n, NO_TPM);
	else if (is_said(e, platform, t->quote, t->quote_signature, ATTESTED_QUOTE, &a) && values_fit(t, &a))
		passed(n, "is the TPM's, for this evidence");
	else
		failed(n, "bad-quote", "is not the TPM's for this evidence");
}

/* --- the PCRs ---------------------------------------------------------------------------- */

static bool
is_expected(const struct pcr_reference *r, struct bytes value)
{
	for (size_t i = 0; i < r->count; i++)
		if (bytes_equal(BYTES(r->value[i]), value))
			return true;
	return false;
}

/* Each PCR that the policy names must be there; others are nobody's business. */
static void
compare(const struct tpm_evidence *t, const struct policy *p, struct finding *n)
{
	bool there[PCRS_MAX] = { false };
	struct pcr pcr;
	size_t at = 0;

	passed(n, "are what the policy expects");
	while (n->outcome == PASSED && list_next(&pcr_element, t->pcrs, &at, &pcr)) {
		there[pcr.index] = true;
		if (p->pcrs[pcr.index].count > 0 && !is_expected(&p->pcrs[pcr.index], pcr.value))
			failed(n, "quote-differs", "PCR %u is not what the policy expects", (unsigned)pcr.index);
	}
	for (unsigned i = 0; i < PCRS_MAX && n->outcome == PASSED; i++)
		if (p->pcrs[i].count > 0 && !there[i])
			absent(n, "missing-claim", "PCR %u is missing", i);
}

void
judge_pcrs(const struct evidence *e, const struct policy *p, struct finding *n)
{
	if (e->tre_class != TRE_TPM)
		unasked(n, NO_TPM);
	else if (!p->pcrs_named)
		absent(n, "missing-reference", "the policy has no values to compare with");
	else
		compare(&e->tpm, p, n);
}

/* --- the sealing key ----------------------------------------------------------------------- */

/* Of the very key in cnf, which is in the TPM and stays there: it cannot be had outside. */
static bool
is_certified(const struct evidence *e, EVP_PKEY *platform)
{
	const struct tpm_evidence *t = &e->tpm;
	const struct cose_key *cnf = &e->cnf.key;
	struct tpm_public p;
	struct attested a;

	return is_said(e, platform, t->certification, t->certification_signature, ATTESTED_CERTIFY, &a) &&
	    tpm_public_read(t->sealing, &p) && bytes_equal(a.name, BYTES(p.name)) &&
	    bytes_equal(cnf->x, BYTES(p.x)) && bytes_equal(cnf->y, BYTES(p.y)) &&
	    tpm_public_only_agrees(&p);
}

void
judge_sealing(const struct evidence *e, EVP_PKEY *platform, struct finding *n)
{
	if (e->tre_class != TRE_TPM)
		unasked(n, NO_TPM);
	else if (is_certified(e, platform))
		passed(n, "is the TPM's, of a sealing key that stays in it");
	else
		failed(n, "sealing-not-certified", "is not the TPM's for a sealing key that stays in it");
}
