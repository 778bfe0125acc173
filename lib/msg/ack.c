/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/ack.h"

#include "crypto/digest.h"
#include "msg/claims.h"
#include "msg/pcid.h"

static const struct field ack_claims_fields[] = {
	FIELD(ack, CLAIM_ISS, by, REQUIRED, 1, NAME_BYTES),
	FIELD(ack, CLAIM_SUB, pcid, DIGITS, 6, IMSI_MAX),
	FIELD_TIME(ack, CLAIM_IAT, iat, REQUIRED),
	FIELD(ack, CLAIM_UEID, ueid, REQUIRED, 7, 33),
	FIELD(ack, CLAIM_DIGEST, digest, REQUIRED, DIGEST_LEN, DIGEST_LEN),
};
const struct record ack_claims_record =
    RECORD(ack, "ack-claims", ack_claims_fields, .type = NULL);
COSE_SIGN1(ack, "ack", ROLE_SHO, ack_claims_record);
COSE_SIGN1(dpf_ack, "ack", ROLE_DPF, ack_claims_record);
