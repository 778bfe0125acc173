/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/verdict.h"

#include "msg/claims.h"
#include "msg/pcid.h"

static const char *const status_words[] = { "none", "affirming", "warning", "contraindicated" };
static const int64_t status_codes[] = { 0, 2, 32, 96 };
const struct choices ear_statuses = CODES(status_words, status_codes);

static const struct field verifier_id_fields[] = {
	FIELD(verifier_id, 0, developer, REQUIRED, 1, 128),
	FIELD(verifier_id, 1, build, REQUIRED, 1, 128),
};
static const struct record verifier_id_record =
    RECORD(verifier_id, "verifier-id", verifier_id_fields, .type = NULL);

#define TIER(key, member) \
	FIELD(trust_vector, key, member, OPTIONAL, (uint64_t)INT64_C(-128), 127)
static const struct field trust_vector_fields[] = {
	TIER(0, instance_identity),
	TIER(1, configuration),
	TIER(2, executables),
	TIER(4, hardware),
};
static const struct record trust_vector_record =
    RECORD(trust_vector, "trustworthiness-vector", trust_vector_fields, .type = NULL);

static const struct field reason_fields[] = {
	FIELD(reason, 1, claim, REQUIRED, 1, CLAIM_NAME_MAX),
	FIELD(reason, 2, reason, REQUIRED, 1, 48),
};
static const struct record reason_record = RECORD(reason, "reason", reason_fields, .type = NULL);
const struct field reason_element = ELEMENT(KIND_RECORD, "reason", REQUIRED, 0, 0, &reason_record);
const struct field affirmed_element = ELEMENT(KIND_TEXT, "claim", REQUIRED, 1, CLAIM_NAME_MAX, NULL);
const struct field policy_id_element = ELEMENT(KIND_TEXT, "policy", REQUIRED, 1, POLICY_ID_MAX, NULL);

/* Which EAR_... a value stands for: AR4SI counts from 0 up, and down for what is private. */
static uint64_t
tier(int64_t value)
{
	int64_t n = value < 0 ? -value - 1 : value;

	return n < 2 ? EAR_NONE : n < 32 ? EAR_AFFIRMING : n < 96 ? EAR_WARNING : EAR_CONTRAINDICATED;
}

static bool
appraisal_check(const void *obj, struct fault *f)
{
	const struct appraisal *a = obj;
	const struct trust_vector *v = &a->trustworthiness_vector;

	if (a->status >= tier(v->instance_identity) && a->status >= tier(v->configuration) &&
	    a->status >= tier(v->executables) && a->status >= tier(v->hardware))
		return true;
	return fault_request(f, "status", "is better than the trustworthiness vector");
}

static const struct field appraisal_fields[] = {
	FIELD_CODE(appraisal, CLAIM_EAR_STATUS, status, REQUIRED, &ear_statuses),
	FIELD_RECORD(appraisal, CLAIM_EAR_VECTOR, trustworthiness_vector, OPTIONAL, &trust_vector_record),
	FIELD_LIST(appraisal, CLAIM_EAR_POLICIES, appraisal_policy_ids, OPTIONAL, 1, 4, &policy_id_element),
	FIELD_LIST(appraisal, CLAIM_REASONS, reasons, OPTIONAL, 1, 32, &reason_element),
	FIELD_LIST(appraisal, CLAIM_AFFIRMED, affirmed, OPTIONAL, 1, 32, &affirmed_element),
};
static const struct record appraisal_record =
    RECORD(appraisal, "appraisal", appraisal_fields, .check = appraisal_check);

static const struct field submods_fields[] = {
	FIELD_RECORD(submods, 0, tre, TEXT_KEY, &appraisal_record),
};
static const struct record submods_record = RECORD(submods, "submods", submods_fields, .type = NULL);

/* Of evidence that is not believed nothing is repeated, and nothing affirmed. */
static bool
repeats_or_denies(const struct verdict *v, struct fault *f)
{
	const struct appraisal *a = &v->submods.tre;
	bool repeats = v->cnf.key.x.p != NULL;

	if (repeats != (v->plc.p != NULL) || repeats != (v->mode != 0))
		return fault_request(f, "cnf", "is there without plc and mode, or they without it");
	return repeats || (a->status == EAR_CONTRAINDICATED && a->affirmed.count == 0) ||
	    fault_request(f, "cnf", "is missing, and something is affirmed");
}

static bool
verdict_check(const void *obj, struct fault *f)
{
	const struct verdict *v = obj;

	if (!text_is(v->eat_profile, VERDICT_PROFILE))
		return fault_request(f, "eat_profile", "needs %s", VERDICT_PROFILE);
	return repeats_or_denies(v, f);
}

static const struct field verdict_claims_fields[] = {
	FIELD(verdict, CLAIM_ISS, pva, REQUIRED, 1, NAME_BYTES),
	FIELD(verdict, CLAIM_SUB, sub, DIGITS, 6, IMSI_MAX),
	FIELD(verdict, CLAIM_AUD, aud, REQUIRED, 1, NAME_BYTES),
	FIELD_TIME(verdict, CLAIM_EXP, exp, REQUIRED),
	FIELD_TIME(verdict, CLAIM_IAT, iat, REQUIRED),
	FIELD_RECORD(verdict, CLAIM_CNF, cnf, OPTIONAL, &cnf_record),
	FIELD(verdict, CLAIM_NONCE, eat_nonce, REQUIRED, NONCE_BYTES, NONCE_BYTES),
	FIELD(verdict, CLAIM_UEID, ueid, REQUIRED, 7, 33),
	FIELD(verdict, CLAIM_EAT_PROFILE, eat_profile, REQUIRED, 1, 128),
	FIELD_RECORD(verdict, CLAIM_SUBMODS, submods, REQUIRED, &submods_record),
	FIELD_RECORD(verdict, CLAIM_EAR_VERIFIER, verifier_id, REQUIRED, &verifier_id_record),
	FIELD(verdict, CLAIM_PLC, plc, OPTIONAL, 32, 32),
	FIELD_WORD(verdict, CLAIM_MODE, mode, OPTIONAL, &validation_modes),
};
const struct record verdict_claims_record =
    RECORD(verdict, "verdict-claims", verdict_claims_fields, .check = verdict_check);
COSE_SIGN1(verdict, "verdict", ROLE_PVA, verdict_claims_record);
