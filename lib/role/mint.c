/* SPDX-License-Identifier: Apache-2.0 */
#include "role/mint.h"

#include <stdio.h>

#include "crypto/conf.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "role/icf.h"
#include "role/ledger.h"

enum { MCC = 3, NAME = 192 };	/* longer than any name of an ISIM may be */

/* --- names -------------------------------------------------------------------------- */

struct names {			/* what follows from the IMSI */
	char imsi[IMSI_DIGITS + 1], iccid[ICCID_DIGITS + 2];
	char domain[NAME], impi[NAME];
	uint8_t acc[ACC_BYTES];
};

static void
spell_numbers(const struct mint *m, uint64_t msin, struct names *n)
{
	const char *plmn = (const char *)m->common.usim.hplmn.p;
	int digits = (int)m->msin_digits;

	snprintf(n->imsi, sizeof n->imsi, "%.3s%.*s%0*llu", plmn, (int)m->common.usim.mnc_length, plmn + 4,
	    digits, (unsigned long long)msin);
	snprintf(n->iccid, sizeof n->iccid, "%s%0*llu", m->iccid_prefix, digits, (unsigned long long)msin);
	n->iccid[ICCID_DIGITS - 1] = luhn_digit(text_of(n->iccid));
	n->iccid[ICCID_DIGITS] = '\0';
	imsi_access_class(text_of(n->imsi), n->acc);
}

/* {imsi} in a pattern of n bytes becomes the IMSI. What is cut was too long for a name anyway. */
static void
spell_name(const char *pattern, size_t n, const char *imsi, char out[static NAME])
{
	const char *hole = strstr(pattern, "{imsi}");
	int before = (int)(hole != NULL ? hole - pattern : 0);

	if (hole == NULL || hole >= pattern + n)
		snprintf(out, NAME, "%.*s", (int)n, pattern);
	else
		snprintf(out, NAME, "%.*s%s%.*s", before, pattern, imsi, (int)n - before - 6, hole + 6);
}

/* TS 23.003 13.2, 13.3, 13.4B, unless the profile says else: in names the MNC has three digits. */
static void
spell_isim(const struct mint *m, struct names *n, struct isim *isim, struct buf *impus)
{
	const char *plmn = (const char *)m->common.usim.hplmn.p, *rest = m->impus;
	int mnc = (int)m->common.usim.mnc_length;
	char name[NAME];
	struct text word, impu = { (const uint8_t *)name, 0 };

	if (m->domain != NULL)
		snprintf(n->domain, sizeof n->domain, "%s", m->domain);
	else
		snprintf(n->domain, sizeof n->domain, "ims.mnc%s%.*s.mcc%.3s.3gppnetwork.org",
		    mnc == 2 ? "0" : "", mnc, plmn + 4, plmn);
	if (m->impi != NULL)
		spell_name(m->impi, strlen(m->impi), n->imsi, n->impi);
	else
		snprintf(n->impi, sizeof n->impi, "%s@%.*s", n->imsi, NAME - IMSI_DIGITS - 2, n->domain);
	isim->domain = text_of(n->domain);
	isim->impi = text_of(n->impi);
	impus->n = 0;
	if (rest == NULL) {
		snprintf(name, sizeof name, "sip:%.*s", NAME - 5, n->impi);
		impu = text_of(name);
		list_add(&impu_element, &isim->impus, impus, &impu);
	}
	while (rest != NULL && conf_word(&rest, &word)) {
		spell_name((const char *)word.p, word.n, n->imsi, name);
		impu = text_of(name);
		list_add(&impu_element, &isim->impus, impus, &impu);
	}
}

/* --- secrets ------------------------------------------------------------------------ */

static void
list_ota_keys(const struct mint *m, struct list *l, struct buf *raw)
{
	const uint8_t *key = m->secret + MINT_OTA;
	size_t n = m->ota_key_n;

	raw->n = 0;
	for (uint64_t set = 1; set <= m->ota_sets; set++, key += 2 * n)
		list_add(&ota_element, l, raw,
		    &(struct ota_keys){ set, { key, n }, { key + n, n } });
}

/* Into the places that describe() has given. */
static void
draw_secrets(const struct mint *m, struct mid *mid)
{
	struct credential *c = mid->usim.imsi.p != NULL ? &mid->usim.credential :
	    &mid->isim.credential;

	credential_draw(c, m->k_n, m->secret);
	random_bytes(m->secret + MINT_TOKEN, DEVICE_TOKEN);
	random_bytes(m->secret + MINT_OTA, 2 * m->ota_key_n * m->ota_sets);
}

/* The first SEQ is the trial's; the network counts on from there. */
void
mint_trial(const struct credential *c, struct vector *v, struct trial *trial)
{
	struct av av = { .kind = AV_UMTS };

	random_bytes(v->aka.rand, sizeof v->aka.rand);
	vector_make(c, c->sqn, v, &av);
	*trial = (struct trial){ av.rand, av.autn, av.xres };
}

/* --- one MID ------------------------------------------------------------------------ */

/* All of a MID but what is drawn and the trial; its texts lie in *n. */
static void
describe(const struct mint *m, uint64_t msin, struct names *n, struct mid *mid)
{
	static struct buf impus;

	spell_numbers(m, msin, n);
	*mid = m->common;
	mid->id = text_of(n->iccid);
	mid->usim.imsi = text_of(n->imsi);
	mid->usim.iccid = text_of(n->iccid);
	mid->usim.acc = BYTES(n->acc);
	credential_place(&mid->usim.credential, m->k_n, m->secret);
	mid->device_token = (struct bytes){ m->secret + MINT_TOKEN, DEVICE_TOKEN };
	if (m->with_isim)
		spell_isim(m, n, &mid->isim, &impus);
	if (!m->with_usim) {
		mid->isim.credential = mid->usim.credential;
		memset(&mid->usim, 0, sizeof mid->usim);
	}
}

bool
mint_fits(struct mint *m, struct fault *f)
{
	static const uint8_t any[AKA_RAND];
	static struct buf ota;
	struct names n;
	struct mid mid;

	describe(m, m->first, &n, &mid);
	list_ota_keys(m, &mid.ota, &ota);
	mid.trial = (struct trial){ BYTES(any), BYTES(any), BYTES(any) };
	return record_fits(&mid_record, &mid, f);
}

bool
mint_mid(struct mint *m, struct store *ledger, struct buf *out, struct fault *f)
{
	static struct buf ota;
	struct names n;
	struct vector v;
	struct mid mid;
	uint64_t msin;

	if (!ledger_take(ledger, m->common.usim.hplmn, m->first, m->last, 1, &msin, f))
		return false;
	describe(m, msin, &n, &mid);
	draw_secrets(m, &mid);
	if (!credential_is_secret(mid_credential(&mid), m->allow_test_keys, f))
		return false;
	list_ota_keys(m, &mid.ota, &ota);
	mint_trial(mid_credential(&mid), &v, &mid.trial);
	record_encode(&mid_record, &mid, out);
	secret_wipe(&v, sizeof v);
	buf_wipe(&ota);
	return icf_add(ledger, &(struct account){
	    .identity = text_of(n.imsi), .object = buf_bytes(out),
	    .sqn = m->common.usim.credential.sqn + (1 << AKA_IND_BITS), .ind_bits = AKA_IND_BITS,
	    .not_before = m->common.not_before, .not_after = m->common.not_after,
	    .apns = m->common.usim.apns, .destinations = m->common.usim.destinations,
	}, f);
}
