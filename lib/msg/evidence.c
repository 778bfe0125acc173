/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/evidence.h"

#include "msg/claims.h"
#include "msg/pcid.h"

/* RFC 9711 4.2.9 */
static const char *const dbgstat_words[] = {
	"enabled", "disabled", "disabled-since-boot", "disabled-permanently", "disabled-fully-and-permanently"
};
static const int64_t dbgstat_codes[] = { 0, 1, 2, 3, 4 };
const struct choices dbgstats = CODES(dbgstat_words, dbgstat_codes);
static const char *const class_words[] = { "software", "tpm" };
const struct choices tre_classes = CHOICES(class_words);
static const char *const mode_words[] = { "autonomous", "semi-autonomous", "remote" };
const struct choices validation_modes = CHOICES(mode_words);
/* RFC 9711 4.2.17 */
static const char *const comparison_words[] = { "success", "fail", "not-run", "absent" };
static const int64_t comparison_codes[] = { 1, 2, 3, 4 };
static const struct choices comparisons = CODES(comparison_words, comparison_codes);

static const struct field cnf_fields[] = {
	FIELD_RECORD(cnf, 1, key, REQUIRED, &cose_key_record),
};
const struct record cnf_record = RECORD(cnf, "cnf", cnf_fields, .type = NULL);

static const struct field swversion_fields[] = {
	FIELD(swversion, 0, version, REQUIRED, 1, SOFTWARE_MAX),
};
static const struct record swversion_record =
    RECORD(swversion, "swversion", swversion_fields, .array = true);

static const struct field component_fields[] = {
	FIELD(component, 1, name, REQUIRED, 1, 255),
	FIELD(component, 2, digest, REQUIRED, 32, 32),
};
const struct record component_record = RECORD(component, "component", component_fields, .type = NULL);

static const struct field measurement_fields[] = {
	FIELD(measurement, 0, content_format, REQUIRED, MEASUREMENT_FORMAT, MEASUREMENT_FORMAT),
	FIELD_EMBEDDED(measurement, 1, component, REQUIRED, 512, &component_record),
};
static const struct record measurement_record =
    RECORD(measurement, "measurement", measurement_fields, .array = true);
const struct field measurement_element =
    ELEMENT(KIND_RECORD, "measurement", REQUIRED, 0, 0, &measurement_record);

static const struct field measurement_result_fields[] = {
	FIELD(measurement_result, 0, component, REQUIRED, 1, 255),
	FIELD_CODE(measurement_result, 1, result, REQUIRED, &comparisons),
};
static const struct record measurement_result_record =
    RECORD(measurement_result, "measurement-result", measurement_result_fields, .array = true);
const struct field measurement_result_element =
    ELEMENT(KIND_RECORD, "result", REQUIRED, 0, 0, &measurement_result_record);

static const struct field result_group_fields[] = {
	FIELD(result_group, 0, system, REQUIRED, 1, 64),
	FIELD_LIST(result_group, 1, results, REQUIRED, 1, MEASUREMENTS_MAX, &measurement_result_element),
};
static const struct record result_group_record =
    RECORD(result_group, "result-group", result_group_fields, .array = true);
const struct field result_group_element =
    ELEMENT(KIND_RECORD, "group", REQUIRED, 0, 0, &result_group_record);

uint64_t
evidence_mode(const struct evidence *e)
{
	return e->mode != 0 ? e->mode : MODE_REMOTE;
}

static const struct field pcr_fields[] = {
	FIELD(pcr, 0, index, REQUIRED, 0, PCRS_MAX - 1),
	FIELD(pcr, 1, value, REQUIRED, 32, 32),
};
static const struct record pcr_record = RECORD(pcr, "pcr", pcr_fields, .array = true);
const struct field pcr_element = ELEMENT(KIND_RECORD, "pcr", REQUIRED, 0, 0, &pcr_record);

static bool
tpm_check(const void *obj, struct fault *f)
{
	const struct tpm_evidence *t = obj;
	struct pcr pcr, last = { 0 };
	size_t at = 0;

	for (size_t i = 0; list_next(&pcr_element, t->pcrs, &at, &pcr); i++, last = pcr)
		if (i > 0 && pcr.index <= last.index)
			return fault_request(f, "pcrs", "needs them ascending");
	return true;
}

static const struct field tpm_fields[] = {
	FIELD(tpm_evidence, 1, quote, REQUIRED, 1, ATTEST_MAX),
	FIELD(tpm_evidence, 2, quote_signature, REQUIRED, 64, 64),
	FIELD_LIST(tpm_evidence, 3, pcrs, REQUIRED, 1, PCRS_MAX, &pcr_element),
	FIELD(tpm_evidence, 4, certification, REQUIRED, 1, ATTEST_MAX),
	FIELD(tpm_evidence, 5, certification_signature, REQUIRED, 64, 64),
	FIELD(tpm_evidence, 6, sealing, REQUIRED, 1, TPM_PUBLIC_MAX),
};
static const struct record tpm_record =
    RECORD(tpm_evidence, "tpm", tpm_fields, .type = NULL, .check = tpm_check);

/* Another profile may mean something else by the same claims (RFC 9711 6). */
static bool
evidence_check(const void *obj, struct fault *f)
{
	const struct evidence *e = obj;

	if (!text_is(e->eat_profile, EVIDENCE_PROFILE))
		return fault_request(f, "eat_profile", "needs %s", EVIDENCE_PROFILE);
	if (e->measurements.count > 0 && evidence_mode(e) != MODE_REMOTE)
		return fault_request(f, "measurements", "are for remote validation only");
	if (e->measres.count > 0 && evidence_mode(e) != MODE_SEMI_AUTONOMOUS)
		return fault_request(f, "measres", "is for semi-autonomous validation only");
	if (e->tre_class == TRE_TPM && e->tpm.quote.p == NULL)
		return fault_request(f, "tpm", "is missing");
	return e->tre_class == TRE_TPM || e->tpm.quote.p == NULL ||
	    fault_request(f, "tpm", "is there, and the class is not tpm");
}

static const struct field evidence_claims_fields[] = {
	FIELD(evidence, CLAIM_SUB, sub, DIGITS, 6, IMSI_MAX),
	FIELD_TIME(evidence, CLAIM_IAT, iat, REQUIRED),
	FIELD_RECORD(evidence, CLAIM_CNF, cnf, REQUIRED, &cnf_record),
	FIELD(evidence, CLAIM_NONCE, eat_nonce, REQUIRED, NONCE_BYTES, NONCE_BYTES),
	FIELD(evidence, CLAIM_UEID, ueid, REQUIRED, 7, 33),
	FIELD_CODE(evidence, CLAIM_DBGSTAT, dbgstat, REQUIRED, &dbgstats),
	FIELD(evidence, CLAIM_EAT_PROFILE, eat_profile, REQUIRED, 1, 128),
	FIELD(evidence, CLAIM_SWNAME, swname, REQUIRED, 1, SOFTWARE_MAX),
	FIELD_RECORD(evidence, CLAIM_SWVERSION, swversion, REQUIRED, &swversion_record),
	FIELD_LIST(evidence, CLAIM_MEASUREMENTS, measurements, OPTIONAL, 1, MEASUREMENTS_MAX,
	    &measurement_element),
	FIELD_LIST(evidence, CLAIM_MEASRES, measres, OPTIONAL, 1, 1, &result_group_element),
	FIELD_WORD(evidence, CLAIM_TRE_CLASS, tre_class, REQUIRED, &tre_classes),
	FIELD_RECORD(evidence, CLAIM_TPM, tpm, OPTIONAL, &tpm_record),
	FIELD_WORD(evidence, CLAIM_MODE, mode, OPTIONAL, &validation_modes),
};
const struct record evidence_claims_record =
    RECORD(evidence, "evidence-claims", evidence_claims_fields, .check = evidence_check);
COSE_SIGN1(evidence, "evidence", ROLE_TRE, evidence_claims_record);

const struct record evidence_qualified_record =
    RECORD(evidence, "evidence-claims", evidence_claims_fields, .check = NULL);
