/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/registration.h"

#include "msg/claims.h"
#include "msg/pcid.h"

static const struct field referral_claims_fields[] = {
	FIELD(referral, CLAIM_ISS, ro, REQUIRED, 1, NAME_BYTES),
	FIELD(referral, CLAIM_SUB, pcid, DIGITS, 6, IMSI_MAX),
	FIELD_TIME(referral, CLAIM_EXP, exp, REQUIRED),
	FIELD_TIME(referral, CLAIM_IAT, iat, REQUIRED),
	FIELD(referral, CLAIM_UEID, ueid, REQUIRED, 7, 33),
	FIELD(referral, CLAIM_SHO, sho, REQUIRED, 1, NAME_BYTES),
	FIELD(referral, CLAIM_SHO_ADDRESS, sho_address, OPTIONAL, 1, ADDRESS_BYTES),
	FIELD(referral, CLAIM_DPF, dpf, REQUIRED, 1, NAME_BYTES),
	FIELD(referral, CLAIM_DPF_ADDRESS, dpf_address, OPTIONAL, 1, ADDRESS_BYTES),
	FIELD(referral, CLAIM_PVA, pva, REQUIRED, 1, NAME_BYTES),
	FIELD(referral, CLAIM_PVA_ADDRESS, pva_address, OPTIONAL, 1, ADDRESS_BYTES),
};
const struct record referral_claims_record =
    RECORD(referral, "referral-claims", referral_claims_fields, .type = NULL);
COSE_SIGN1(referral, "referral", ROLE_RO, referral_claims_record);

static const struct field registration_claims_fields[] = {
	FIELD(registration, CLAIM_ISS, ro, REQUIRED, 1, NAME_BYTES),
	FIELD(registration, CLAIM_SUB, pcid, DIGITS, 6, IMSI_MAX),
	FIELD(registration, CLAIM_AUD, sho, REQUIRED, 1, NAME_BYTES),
	FIELD_TIME(registration, CLAIM_EXP, exp, REQUIRED),
	FIELD_TIME(registration, CLAIM_IAT, iat, REQUIRED),
	FIELD(registration, CLAIM_NONCE, nonce, REQUIRED, NONCE_BYTES, NONCE_BYTES),
	FIELD(registration, CLAIM_UEID, ueid, REQUIRED, 7, 33),
	FIELD(registration, CLAIM_DPF, dpf, REQUIRED, 1, NAME_BYTES),
	FIELD(registration, CLAIM_PVA, pva, REQUIRED, 1, NAME_BYTES),
};
const struct record registration_claims_record =
    RECORD(registration, "registration-claims", registration_claims_fields, .type = NULL);
COSE_SIGN1(registration, "registration", ROLE_RO, registration_claims_record);
