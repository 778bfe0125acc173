/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/release.h"

#include "msg/claims.h"
#include "msg/pcid.h"

static const struct field release_claims_fields[] = {
	FIELD(release, CLAIM_ISS, dpf, REQUIRED, 1, NAME_BYTES),
	FIELD(release, CLAIM_SUB, pcid, DIGITS, 6, IMSI_MAX),
	FIELD(release, CLAIM_AUD, sho, REQUIRED, 1, NAME_BYTES),
	FIELD_TIME(release, CLAIM_IAT, iat, REQUIRED),
	FIELD(release, CLAIM_NONCE, nonce, REQUIRED, NONCE_BYTES, NONCE_BYTES),
};
const struct record release_claims_record =
    RECORD(release, "release-claims", release_claims_fields, .type = NULL);
COSE_SIGN1(release, "release", ROLE_DPF, release_claims_record);
