/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/mid.h"

#include "msg/attach.h"
#include "msg/claims.h"
#include "msg/pcid.h"

char
iccid_check_digit(struct text digits)
{
	unsigned sum = 0;

	for (size_t i = 0; i < digits.n; i++) {
		unsigned d = (unsigned)(digits.p[digits.n - 1 - i] - '0');

		if (i % 2 == 0)
			d = d > 4 ? 2 * d - 9 : 2 * d;
		sum += d;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

static bool
usim_check(const void *obj, struct fault *f)
{
	const struct usim *u = obj;

	if (u->iccid.p[u->iccid.n - 1] != iccid_check_digit((struct text){ u->iccid.p, u->iccid.n - 1 }))
		return fault_request(f, "iccid", "has a wrong check digit");
	return credential_check(&u->credential, f);
}

static const struct field usim_fields[] = {
	FIELD(usim, 1, imsi, DIGITS, 6, IMSI_MAX),
	FIELD(usim, 2, iccid, DIGITS, 18, 20),
	FIELD_CREDENTIAL(usim, credential, 3),
	FIELD(usim, 12, mnc_length, REQUIRED, 2, 3),
	FIELD(usim, 13, spn, OPTIONAL, 1, 64),
	FIELD(usim, 14, smsc, OPTIONAL, 1, 21),
	FIELD(usim, 15, acc, REQUIRED, 2, 2),
	FIELD_LIST(usim, 16, apns, OPTIONAL, 1, 16, &apn_element),
	FIELD_LIST(usim, 17, destinations, OPTIONAL, 1, 64, &destination_element),
};
static const struct record usim_record = RECORD(usim, "usim", usim_fields, .check = usim_check);

const struct field impu_element = ELEMENT(KIND_TEXT, "impu", REQUIRED, 1, 128, NULL);

static const struct field isim_fields[] = {
	FIELD(isim, 1, impi, REQUIRED, 1, 128),
	FIELD(isim, 2, domain, REQUIRED, 1, 128),
	FIELD_LIST(isim, 3, impus, REQUIRED, 1, 8, &impu_element),
};
static const struct record isim_record = RECORD(isim, "isim", isim_fields, .type = NULL);

static const struct field trial_fields[] = {
	FIELD(trial, 1, rand, REQUIRED, AKA_RAND, AKA_RAND),
	FIELD(trial, 2, autn, REQUIRED, AKA_AUTN, AKA_AUTN),
	FIELD(trial, 3, xres, SECRET, 4, AKA_RES_MAX),
};
static const struct record trial_record = RECORD(trial, "trial", trial_fields, .type = NULL);

static const struct field mid_fields[] = {
	FIELD(mid, 1, id, REQUIRED, 1, MID_ID_MAX),
	FIELD(mid, 2, sho, REQUIRED, 1, NAME_BYTES),
	FIELD_RECORD(mid, 3, usim, REQUIRED, &usim_record),
	FIELD_RECORD(mid, 4, isim, OPTIONAL, &isim_record),
	FIELD_TIME(mid, 5, not_before, OPTIONAL),
	FIELD_TIME(mid, 6, not_after, OPTIONAL),
	FIELD_RECORD(mid, 7, trial, REQUIRED, &trial_record),
};
const struct record mid_record = RECORD(mid, "mid", mid_fields, .type = "mid/1");
