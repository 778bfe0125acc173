/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/pcid.h"

enum { MCC = 3 };

size_t
plmn_mnc_length(struct text plmn)
{
	return plmn.n - MCC - 1;
}

bool
plmn_check(struct text plmn, const char *where, struct fault *f)
{
	if ((plmn.n == PLMN_MAX || plmn.n == PLMN_MAX - 1) && plmn.p[MCC] == '-' &&
	    text_is_digits((struct text){ plmn.p, MCC }) &&
	    text_is_digits((struct text){ plmn.p + MCC + 1, plmn_mnc_length(plmn) }))
		return true;
	return fault_request(f, where, "needs MCC-MNC such as 001-01");
}

/* Whether the identity starts with the digits of a PLMN that was checked. */
bool
plmn_owns(struct text plmn, struct text identity)
{
	size_t mnc = plmn_mnc_length(plmn);

	return identity.n > MCC + mnc && memcmp(identity.p, plmn.p, MCC) == 0 &&
	    memcmp(identity.p + MCC, plmn.p + MCC + 1, mnc) == 0;
}

static bool
pcid_check(const void *obj, struct fault *f)
{
	const struct pcid *p = obj;

	if (!plmn_check(p->plmn, "plmn", f))
		return false;
	if (!plmn_owns(p->plmn, p->pcid))
		return fault_request(f, "pcid", "does not start with the digits of its plmn");
	if (p->not_after != 0 && p->not_after < p->not_before)
		return fault_request(f, "not_after", "is before not_before");
	return credential_check(&p->credential, f);
}

static const struct field pcid_fields[] = {
	FIELD(pcid, 1, pcid, DIGITS, 6, IMSI_MAX),
	FIELD(pcid, 2, plmn, REQUIRED, 6, PLMN_MAX),
	FIELD_CREDENTIAL(pcid, credential, 3),
	FIELD_TIME(pcid, 12, not_before, OPTIONAL),
	FIELD_TIME(pcid, 13, not_after, OPTIONAL),
	FIELD(pcid, 14, ro, REQUIRED, 1, 64),
	FIELD(pcid, 15, batch, OPTIONAL, 1, 64),
};
const struct record pcid_record =
    RECORD(pcid, "pcid", pcid_fields, .type = "pcid/1", .check = pcid_check);
