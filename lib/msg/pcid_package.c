/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/pcid_package.h"

#include "msg/claims.h"
#include "msg/pcid.h"

static bool
pcid_package_check(const void *obj, struct fault *f)
{
	const struct pcid_package *p = obj;

	return !text_equal(p->pcid, p->new_pcid) ||
	    fault_request(f, "new_pcid", "is the one that it takes the place of");
}

static const struct field pcid_package_claims_fields[] = {
	FIELD(pcid_package, CLAIM_ISS, ro, REQUIRED, 1, NAME_BYTES),
	FIELD(pcid_package, CLAIM_SUB, pcid, DIGITS, 6, IMSI_MAX),
	FIELD_TIME(pcid_package, CLAIM_EXP, exp, REQUIRED),
	FIELD_TIME(pcid_package, CLAIM_IAT, iat, REQUIRED),
	FIELD(pcid_package, CLAIM_NONCE, nonce, REQUIRED, NONCE_BYTES, NONCE_BYTES),
	FIELD(pcid_package, CLAIM_UEID, ueid, REQUIRED, 7, 33),
	FIELD(pcid_package, CLAIM_NEW_PCID, new_pcid, DIGITS, 6, IMSI_MAX),
	FIELD(pcid_package, CLAIM_KEY, key, REQUIRED, DIGEST_LEN, DIGEST_LEN),
	FIELD(pcid_package, CLAIM_COUNTER, counter, REQUIRED, 1, INT64_MAX),
	FIELD_EMBEDDED(pcid_package, CLAIM_SEALED, sealed, REQUIRED, 4096, &cose_encrypt_record),
};
const struct record pcid_package_claims_record =
    RECORD(pcid_package, "pcid-package-claims", pcid_package_claims_fields,
    .check = pcid_package_check);
COSE_SIGN1(pcid_package, "pcid-package", ROLE_RO, pcid_package_claims_record);

void
pcid_package_header(const struct pcid_package *p, struct buf *out)
{
	struct record header = pcid_package_claims_record;

	header.nfields--;	/* the sealed part is the last */
	record_encode(&header, p, out);
}
