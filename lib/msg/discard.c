/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/discard.h"

#include "msg/claims.h"
#include "msg/mid.h"
#include "msg/order.h"
#include "msg/pcid.h"

static const struct field discard_claims_fields[] = {
	FIELD(discard, CLAIM_SUB, pcid, DIGITS, 6, IMSI_MAX),
	FIELD(discard, CLAIM_AUD, sho, REQUIRED, 1, NAME_BYTES),
	FIELD_TIME(discard, CLAIM_IAT, iat, REQUIRED),
	FIELD(discard, CLAIM_NONCE, nonce, REQUIRED, NONCE_BYTES, NONCE_BYTES),
	FIELD(discard, CLAIM_UEID, ueid, REQUIRED, 7, 33),
	FIELD(discard, CLAIM_MID, mid, REQUIRED, 1, MID_ID_MAX),
	FIELD(discard, CLAIM_COUNTER, counter, OPTIONAL, 1, INT64_MAX),
	FIELD_WORD(discard, CLAIM_CAUSE, cause, REQUIRED, &orders),
};
const struct record discard_claims_record =
    RECORD(discard, "discard-claims", discard_claims_fields, .type = NULL);
COSE_SIGN1(discard, "discard", ROLE_TRE, discard_claims_record);
