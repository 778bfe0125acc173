/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/package.h"

#include "msg/ack.h"
#include "msg/attach.h"
#include "msg/claims.h"
#include "msg/mid.h"
#include "msg/pcid.h"

static const char *const operation_words[] = { "install", "update", "delete" };
const struct choices operations = CHOICES(operation_words);
static const char *const result_words[] = { "installed", "refused", "activated", "discarded",
	"updated"
};
const struct choices results = CHOICES(result_words);

/* What is to be installed or updated, the package names. */
static bool
authorization_check(const void *obj, struct fault *f)
{
	const struct authorization *a = obj;
	const struct {
		const char *name;
		bool there;
	} parts[] = { { "ueid", a->ueid.p != NULL }, { "mid", a->mid.p != NULL } };

	for (size_t i = 0; i < COUNT(parts); i++)
		if (parts[i].there != (a->scope == OPERATION_DELETE))
			return fault_request(f, parts[i].name, parts[i].there ?
			    "is not part of an authorization to %s" : "is missing from an authorization to %s",
			    operations.words[a->scope - 1]);
	return true;
}

static const struct field authorization_claims_fields[] = {
	FIELD(authorization, CLAIM_ISS, sho, REQUIRED, 1, NAME_BYTES),
	FIELD(authorization, CLAIM_SUB, pcid, DIGITS, 6, IMSI_MAX),
	FIELD(authorization, CLAIM_AUD, aud, REQUIRED, 1, NAME_BYTES),
	FIELD_TIME(authorization, CLAIM_EXP, exp, REQUIRED),
	FIELD_TIME(authorization, CLAIM_IAT, iat, REQUIRED),
	FIELD_WORD(authorization, CLAIM_SCOPE, scope, REQUIRED, &operations),
	FIELD(authorization, CLAIM_NONCE, nonce, REQUIRED, NONCE_BYTES, NONCE_BYTES),
	FIELD(authorization, CLAIM_UEID, ueid, OPTIONAL, 7, 33),
	FIELD(authorization, CLAIM_MID, mid, OPTIONAL, 1, MID_ID_MAX),
};
const struct record authorization_claims_record =
    RECORD(authorization, "authorization-claims", authorization_claims_fields,
    .check = authorization_check);
COSE_SIGN1(authorization, "authorization", ROLE_SHO, authorization_claims_record);

static bool
mid_package_check(const void *obj, struct fault *f)
{
	const struct mid_package *p = obj;

	return p->nonce.p != NULL || p->key.p != NULL ||
	    fault_request(f, "key", "is missing, and there is no nonce");
}

static const struct field mid_package_claims_fields[] = {
	FIELD(mid_package, CLAIM_ISS, sho, REQUIRED, 1, NAME_BYTES),
	FIELD(mid_package, CLAIM_SUB, pcid, DIGITS, 6, IMSI_MAX),
	FIELD_TIME(mid_package, CLAIM_EXP, exp, REQUIRED),
	FIELD_TIME(mid_package, CLAIM_IAT, iat, REQUIRED),
	FIELD(mid_package, CLAIM_NONCE, nonce, OPTIONAL, NONCE_BYTES, NONCE_BYTES),
	FIELD(mid_package, CLAIM_KEY, key, OPTIONAL, DIGEST_LEN, DIGEST_LEN),
	FIELD(mid_package, CLAIM_DEVICE, device, OPTIONAL, DIGEST_LEN, DIGEST_LEN),
	FIELD(mid_package, CLAIM_MID, mid, REQUIRED, 1, MID_ID_MAX),
	FIELD(mid_package, CLAIM_COUNTER, counter, REQUIRED, 1, INT64_MAX),
	FIELD_EMBEDDED(mid_package, CLAIM_SEALED, sealed, REQUIRED, 49152, &cose_encrypt_record),
};
const struct record mid_package_claims_record =
    RECORD(mid_package, "mid-package-claims", mid_package_claims_fields,
    .check = mid_package_check);
COSE_SIGN1(mid_package, "mid-package", ROLE_SHO, mid_package_claims_record);

static struct record
header_record(void)
{
	struct record header = mid_package_claims_record;

	header.nfields--;	/* the sealed part is the last */
	return header;
}

void
mid_package_header(const struct mid_package *p, struct buf *out)
{
	struct record header = header_record();

	record_encode(&header, p, out);
}

bool
mid_package_read_header(struct bytes encoded, struct mid_package *p, struct fault *f)
{
	struct record header = header_record();

	return record_decode(&header, p, encoded, f);
}

struct bytes
delivery_package(const struct delivery *d)
{
	return d->package.p != NULL ? d->package : d->cms;
}

static bool
delivery_check(const void *obj, struct fault *f)
{
	const struct delivery *d = obj;

	return (d->package.p != NULL) != (d->cms.p != NULL) ||
	    fault_request(f, "package", "needs exactly one of package and cms");
}

static const struct field delivery_claims_fields[] = {
	FIELD(delivery, CLAIM_ISS, dpf, REQUIRED, 1, NAME_BYTES),
	FIELD(delivery, CLAIM_SUB, pcid, DIGITS, 6, IMSI_MAX),
	FIELD_TIME(delivery, CLAIM_IAT, iat, REQUIRED),
	FIELD(delivery, CLAIM_NONCE, nonce, REQUIRED, NONCE_BYTES, NONCE_BYTES),
	FIELD_WORD(delivery, CLAIM_OPERATION, operation, REQUIRED, &operations),
	FIELD_EMBEDDED(delivery, CLAIM_AUTHORIZATION, authorization, REQUIRED, 16384,
	    &authorization_record),
	FIELD_EMBEDDED(delivery, CLAIM_PACKAGE, package, OPTIONAL, 65536, &mid_package_record),
	FIELD(delivery, CLAIM_CMS, cms, OPTIONAL, 1, 65536),
};
const struct record delivery_claims_record =
    RECORD(delivery, "delivery-claims", delivery_claims_fields, .check = delivery_check);
COSE_SIGN1(delivery, "delivery", ROLE_DPF, delivery_claims_record);

static bool
report_check(const void *obj, struct fault *f)
{
	const struct report *r = obj;

	if ((r->result == RESULT_REFUSED) != (r->reason.p != NULL))
		return fault_request(f, "reason", "a refusal has a reason, nothing else has");
	if (r->active && r->result != RESULT_INSTALLED)
		return fault_request(f, "active", "belongs to a report of what was installed");
	return r->ack.p == NULL || r->result == RESULT_DISCARDED ||
	    fault_request(f, "ack", "belongs to a report of what was discarded");
}

static const struct field report_claims_fields[] = {
	FIELD(report, CLAIM_SUB, pcid, DIGITS, 6, IMSI_MAX),
	FIELD(report, CLAIM_AUD, sho, REQUIRED, 1, NAME_BYTES),
	FIELD_TIME(report, CLAIM_IAT, iat, REQUIRED),
	FIELD(report, CLAIM_NONCE, nonce, REQUIRED, NONCE_BYTES, NONCE_BYTES),
	FIELD(report, CLAIM_UEID, ueid, REQUIRED, 7, 33),
	FIELD(report, CLAIM_MID, mid, REQUIRED, 1, MID_ID_MAX),
	FIELD(report, CLAIM_COUNTER, counter, REQUIRED, 1, INT64_MAX),
	FIELD_WORD(report, CLAIM_RESULT, result, REQUIRED, &results),
	FIELD(report, CLAIM_REASON, reason, OPTIONAL, 1, 48),
	FIELD_EMBEDDED(report, CLAIM_ACK, ack, OPTIONAL, 16384, &ack_record),
	FIELD(report, CLAIM_ACTIVE, active, OPTIONAL, 1, 1),
};
const struct record report_claims_record =
    RECORD(report, "report-claims", report_claims_fields, .check = report_check);
COSE_SIGN1(report, "report", ROLE_TRE, report_claims_record);
