/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/mid.h"

#include "msg/attach.h"
#include "msg/claims.h"
#include "msg/pcid.h"

char
luhn_digit(struct text digits)
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

void
imsi_access_class(struct text imsi, uint8_t acc[static ACC_BYTES])
{
	unsigned bit = 1U << (imsi.p[imsi.n - 1] - '0');

	acc[0] = (uint8_t)(bit >> 8);
	acc[1] = (uint8_t)bit;
}

struct text
mid_identity(const struct mid *m)
{
	const struct text *impi = &m->isim.impi;
	const uint8_t *at;

	if (m->usim.imsi.p != NULL)
		return m->usim.imsi;
	at = impi->n > 0 ? memchr(impi->p, '@', impi->n) : NULL;
	return (struct text){ impi->p, at != NULL ? (size_t)(at - impi->p) : 0 };
}

const struct credential *
mid_credential(const struct mid *m)
{
	return m->usim.imsi.p != NULL ? &m->usim.credential : &m->isim.credential;
}

/* --- the USIM ------------------------------------------------------------------- */

static const struct field preferred_fields[] = {
	FIELD(preferred_plmn, 1, plmn, REQUIRED, PLMN_MAX - 1, PLMN_MAX),
	FIELD(preferred_plmn, 2, access, OPTIONAL, 2, 2),
};
static const struct record preferred_record =
    RECORD(preferred_plmn, "preferred-plmn", preferred_fields, .type = NULL);
const struct field preferred_element =
    ELEMENT(KIND_RECORD, "preferred", REQUIRED, 0, 0, &preferred_record);
const struct field forbidden_element =
    ELEMENT(KIND_TEXT, "forbidden", REQUIRED, PLMN_MAX - 1, PLMN_MAX, NULL);

static bool
is_forbidden(const struct usim *u, struct text plmn)
{
	struct text one;
	size_t at = 0;

	while (list_next(&forbidden_element, u->forbidden, &at, &one))
		if (text_equal(one, plmn))
			return true;
	return false;
}

static bool
networks_check(const struct usim *u, struct fault *f)
{
	struct preferred_plmn one;
	struct text plmn;
	size_t at = 0;

	while (list_next(&forbidden_element, u->forbidden, &at, &plmn)) {
		if (!plmn_check(plmn, "forbidden", f))
			return false;
		if (plmn_mnc_length(plmn) == u->mnc_length && plmn_owns(plmn, u->imsi))
			return fault_request(f, "forbidden", "holds the network of its own IMSI");
	}
	for (at = 0; list_next(&preferred_element, u->preferred, &at, &one);) {
		if (!plmn_check(one.plmn, "preferred", f))
			return false;
		if (is_forbidden(u, one.plmn))
			return fault_request(f, "preferred", "%.*s is forbidden too", (int)one.plmn.n, one.plmn.p);
	}
	return true;
}

/* Bit 10 is never set, classes 11 to 15 are the operator's to give (TS 31.102 4.2.15). */
static bool
acc_check(const struct usim *u, struct fault *f)
{
	uint8_t own[ACC_BYTES];

	imsi_access_class(u->imsi, own);
	return ((u->acc.p[0] & 7) == own[0] && u->acc.p[1] == own[1]) ||
	    fault_request(f, "acc", "needs the one class of 0 to 9 that is the IMSI's last digit");
}

/* An address of TS 23.040 9.1.2.5, as people write it. */
static bool
smsc_check(struct text smsc, struct fault *f)
{
	size_t i = smsc.n > 0 && smsc.p[0] == '+';

	return smsc.p == NULL ||
	    (smsc.n > i && text_is_digits((struct text){ smsc.p + i, smsc.n - i })) ||
	    fault_request(f, "smsc", "needs digits, or + and digits");
}

static bool
usim_check(const void *obj, struct fault *f)
{
	const struct usim *u = obj;

	if (u->iccid.p[u->iccid.n - 1] != luhn_digit((struct text){ u->iccid.p, u->iccid.n - 1 }))
		return fault_request(f, "iccid", "has a wrong check digit");
	if (u->hplmn.p != NULL && !plmn_check(u->hplmn, "hplmn", f))
		return false;
	if (u->hplmn.p != NULL && plmn_mnc_length(u->hplmn) != u->mnc_length)
		return fault_request(f, "hplmn", "has an MNC of another length than mnc_length");
	if (u->hplmn.p != NULL && !plmn_owns(u->hplmn, u->imsi))
		return fault_request(f, "imsi", "does not start with the digits of its hplmn");
	return acc_check(u, f) && smsc_check(u->smsc, f) && networks_check(u, f) &&
	    credential_check(&u->credential, f);
}

static const struct field usim_fields[] = {
	FIELD(usim, 1, imsi, DIGITS, 6, IMSI_MAX),
	FIELD(usim, 2, iccid, DIGITS, 18, 20),
	FIELD_CREDENTIAL(usim, credential, 3),
	FIELD(usim, 12, mnc_length, REQUIRED, 2, 3),
	FIELD(usim, 13, spn, OPTIONAL, 1, 64),
	FIELD(usim, 14, smsc, OPTIONAL, 1, 21),
	FIELD(usim, 15, acc, REQUIRED, ACC_BYTES, ACC_BYTES),
	FIELD_LIST(usim, 16, apns, OPTIONAL, 1, 16, &apn_element),
	FIELD_LIST(usim, 17, destinations, OPTIONAL, 1, 64, &destination_element),
	FIELD(usim, 18, hplmn, OPTIONAL, PLMN_MAX - 1, PLMN_MAX),
	FIELD_LIST(usim, 19, preferred, OPTIONAL, 1, 32, &preferred_element),
	FIELD_LIST(usim, 20, forbidden, OPTIONAL, 1, 32, &forbidden_element),
};
static const struct record usim_record = RECORD(usim, "usim", usim_fields, .check = usim_check);

/* --- the ISIM ------------------------------------------------------------------- */

const struct field impu_element = ELEMENT(KIND_TEXT, "impu", REQUIRED, 1, 128, NULL);

static const struct field isim_fields[] = {
	FIELD(isim, 1, impi, REQUIRED, 1, 128),
	FIELD(isim, 2, domain, REQUIRED, 1, 128),
	FIELD_LIST(isim, 3, impus, REQUIRED, 1, 8, &impu_element),
	FIELD_RECORD(isim, 4, credential, OPTIONAL, &credential_record),
};
static const struct record isim_record = RECORD(isim, "isim", isim_fields, .type = NULL);

/* --- the rest ------------------------------------------------------------------- */

static const struct field trial_fields[] = {
	FIELD(trial, 1, rand, REQUIRED, AKA_RAND, AKA_RAND),
	FIELD(trial, 2, autn, REQUIRED, AKA_AUTN, AKA_AUTN),
	FIELD(trial, 3, xres, SECRET, 4, AKA_RES_MAX),
};
static const struct record trial_record = RECORD(trial, "trial", trial_fields, .type = NULL);

static const char *const party_words[] = { "sho", "owner", "either" };
const struct choices mid_parties = CHOICES(party_words);

static const struct field policy_fields[] = {
	FIELD_WORD(mid_policy, 1, delete_by, REQUIRED, &mid_parties),
	FIELD_WORD(mid_policy, 2, replace_by, REQUIRED, &mid_parties),
};
static const struct record policy_record =
    RECORD(mid_policy, "mid-policy", policy_fields, .type = NULL);

static bool
ota_check(const void *obj, struct fault *f)
{
	const struct ota_keys *o = obj;

	if (o->kic.n % 8 != 0)
		return fault_request(f, "kic", "needs 16, 24 or 32 bytes, has %zu", o->kic.n);
	return o->kid.n % 8 == 0 || fault_request(f, "kid", "needs 16, 24 or 32 bytes, has %zu", o->kid.n);
}

static const struct field ota_fields[] = {
	FIELD(ota_keys, 1, set, REQUIRED, 1, OTA_SETS_MAX),
	FIELD(ota_keys, 2, kic, SECRET, 16, 32),
	FIELD(ota_keys, 3, kid, SECRET, 16, 32),
};
static const struct record ota_record =
    RECORD(ota_keys, "ota-keys", ota_fields, .check = ota_check);
const struct field ota_element = ELEMENT(KIND_RECORD, "ota", REQUIRED, 0, 0, &ota_record);

static bool
sets_ascend(struct list ota, struct fault *f)
{
	struct ota_keys one;
	uint64_t last = 0;
	size_t at = 0;

	for (; list_next(&ota_element, ota, &at, &one); last = one.set)
		if (one.set <= last)
			return fault_request(f, "ota", "key sets do not ascend");
	return true;
}

/* An ISIM alone is known to the authentication centre by the IMSI in its IMPI (TS 23.003 13.3). */
static bool
applications_check(const struct mid *m, struct fault *f)
{
	struct text identity = mid_identity(m);

	if (m->usim.imsi.p != NULL)
		return m->isim.credential.k.p == NULL ||
		    fault_request(f, "isim.credential", "beside a USIM an ISIM shares its credential");
	if (m->isim.impi.p == NULL)
		return fault_request(f, "usim", "needs a USIM, an ISIM or both");
	if (m->isim.credential.k.p == NULL)
		return fault_request(f, "isim.credential", "is missing, and there is no USIM's");
	return (identity.n >= 6 && identity.n <= IMSI_MAX && text_is_digits(identity)) ||
	    fault_request(f, "isim.impi", "without a USIM needs an IMSI before its @");
}

static bool
mid_check(const void *obj, struct fault *f)
{
	const struct mid *m = obj;

	if (m->not_after != 0 && m->not_after < m->not_before)
		return fault_request(f, "not_after", "is before not_before");
	return applications_check(m, f) && sets_ascend(m->ota, f);
}

static const struct field mid_fields[] = {
	FIELD(mid, 1, id, REQUIRED, 1, MID_ID_MAX),
	FIELD(mid, 2, sho, REQUIRED, 1, NAME_BYTES),
	FIELD_RECORD(mid, 3, usim, OPTIONAL, &usim_record),
	FIELD_RECORD(mid, 4, isim, OPTIONAL, &isim_record),
	FIELD_TIME(mid, 5, not_before, OPTIONAL),
	FIELD_TIME(mid, 6, not_after, OPTIONAL),
	FIELD_RECORD(mid, 7, trial, REQUIRED, &trial_record),
	FIELD_RECORD(mid, 8, policy, OPTIONAL, &policy_record),
	FIELD_LIST(mid, 9, ota, OPTIONAL, 1, OTA_SETS_MAX, &ota_element),
	FIELD(mid, 10, device_token, OPTIONAL | SECRET, DEVICE_TOKEN, DEVICE_TOKEN),
};
const struct record mid_record =
    RECORD(mid, "mid", mid_fields, .type = "mid/1", .check = mid_check);
