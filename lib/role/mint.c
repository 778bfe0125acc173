/* SPDX-License-Identifier: Apache-2.0 */
#include "role/mint.h"

#include <stdio.h>

#include "crypto/conf.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "msg/attach.h"
#include "msg/pcid.h"
#include "msg/vector.h"
#include "role/icf.h"
#include "role/ledger.h"

enum { IMSI_DIGITS = 15, ICCID_DIGITS = 19, MCC = 3 };

/* --- one MID ------------------------------------------------------------------------ */

struct names {			/* what follows from the IMSI */
	char imsi[IMSI_DIGITS + 1], iccid[ICCID_DIGITS + 2], id[MID_ID_MAX + 1];
	char domain[48], impi[80], impu[96];
	uint8_t acc[2];
};

static void
spell_names(const struct mint *m, uint64_t msin, struct names *n)
{
	const char *plmn = (const char *)m->plmn.p;
	int mnc = (int)m->plmn.n - MCC - 1, digits = (int)m->msin_digits, class;

	snprintf(n->imsi, sizeof n->imsi, "%.3s%.*s%0*llu", plmn, mnc, plmn + 4, digits,
	    (unsigned long long)msin);
	snprintf(n->iccid, sizeof n->iccid, "%s%0*llu", m->iccid_prefix, digits,
	    (unsigned long long)msin);
	n->iccid[ICCID_DIGITS - 1] = iccid_check_digit(text_of(n->iccid));
	n->iccid[ICCID_DIGITS] = '\0';
	snprintf(n->id, sizeof n->id, "%s", n->iccid);
	/* TS 23.003 13.2, 13.3, 13.4B: the MNC has three digits in names */
	snprintf(n->domain, sizeof n->domain, "ims.mnc%s%.*s.mcc%.3s.3gppnetwork.org",
	    mnc == 2 ? "0" : "", mnc, plmn + 4, plmn);
	snprintf(n->impi, sizeof n->impi, "%s@%s", n->imsi, n->domain);
	snprintf(n->impu, sizeof n->impu, "sip:%s", n->impi);
	class = n->imsi[IMSI_DIGITS - 1] - '0';	/* TS 22.011 4.2 */
	n->acc[0] = (uint8_t)(class > 7 ? 1 << (class - 8) : 0);
	n->acc[1] = (uint8_t)(class > 7 ? 0 : 1 << class);
}

/* All of a MID but what is drawn, and the ISIM; its texts lie in *n. */
static struct mid
describe(const struct mint *m, uint64_t msin, struct names *n)
{
	spell_names(m, msin, n);
	return (struct mid){
		.id = text_of(n->id), .sho = m->sho, .not_after = m->not_after,
		.usim = {
			.imsi = text_of(n->imsi), .iccid = text_of(n->iccid),
			.mnc_length = m->plmn.n - MCC - 1,
			.credential = {
				.algorithm = m->algorithm, .amf = BYTES(m->amf),
				.sqn = 1 << AKA_IND_BITS,
			},
			.spn = m->spn, .smsc = m->smsc, .acc = BYTES(n->acc),
			.apns = { buf_bytes(&m->apns), m->apn_count },
			.destinations = { buf_bytes(&m->destinations), m->destination_count },
		},
	};
}

/* The first SEQ is the trial's; the network counts on from there. */
static void
make_trial(const struct credential *c, struct vector *v, struct trial *trial)
{
	struct av av = { .kind = AV_UMTS };

	random_bytes(v->aka.rand, sizeof v->aka.rand);
	vector_make(c, c->sqn, v, &av);
	*trial = (struct trial){ av.rand, av.autn, av.xres };
}

bool
mint_mid(struct mint *m, struct store *ledger, struct buf *out, struct fault *f)
{
	static struct buf impus;
	struct names n;
	struct vector v;
	struct mid mid;
	uint64_t msin;
	struct text impu;

	if (!ledger_take(ledger, m->plmn, m->first, m->last, 1, &msin, f))
		return false;
	mid = describe(m, msin, &n);
	credential_draw(&mid.usim.credential, m->k_n, m->secret);
	if (!credential_is_secret(&mid.usim.credential, m->allow_test_keys, f))
		return false;
	if (m->isim) {
		impus.n = 0;
		impu = text_of(n.impu);
		mid.isim.impi = text_of(n.impi);
		mid.isim.domain = text_of(n.domain);
		list_add(&impu_element, &mid.isim.impus, &impus, &impu);
	}
	make_trial(&mid.usim.credential, &v, &mid.trial);
	record_encode(&mid_record, &mid, out);
	secret_wipe(&v, sizeof v);
	return icf_add(ledger, &(struct account){
	    .identity = mid.usim.imsi, .object = buf_bytes(out),
	    .sqn = mid.usim.credential.sqn + (1 << AKA_IND_BITS), .ind_bits = AKA_IND_BITS,
	    .not_after = m->not_after,
	    .apns = mid.usim.apns, .destinations = mid.usim.destinations,
	}, f);
}

/* --- the profile ------------------------------------------------------------------- */

static uint64_t
all_nines(size_t digits)
{
	uint64_t n = 0;

	while (digits-- > 0)
		n = 10 * n + 9;
	return n;
}

static size_t
load_list(struct conf *c, const char *key, const struct field *element, struct buf *raw)
{
	const char *rest = conf_text(c, "mid", key);
	struct list l = { 0 };
	struct text word;
	struct fault f;

	while (rest != NULL && conf_word(&rest, &word)) {
		if (!field_fits(element, &word, &f))
			conf_wrong(c, "mid", key, "%s", f.fact);
		list_add(element, &l, raw, &word);
	}
	return l.count;
}

static void
load_iccid_prefix(struct mint *m, struct conf *c)
{
	const char *prefix = conf_require(c, "mid", "iccid_prefix");
	size_t n = strlen(prefix), room = ICCID_DIGITS - 1 - m->msin_digits;

	if (strspn(prefix, "0123456789") != n || n > room)
		conf_wrong(c, "mid", "iccid_prefix", "needs up to %zu digits, has '%s'", room,
		    prefix);
	snprintf(m->iccid_prefix, sizeof m->iccid_prefix, "%s%0*d", prefix, (int)(room - n), 0);
	m->iccid_prefix[room] = '\0';
}

/*
 * What the first MID would be, with anything for what
 * is drawn: a fault in a field is one of its key.
 */
static void
check_profile(const struct mint *m, const struct conf *c)
{
	static const uint8_t any[AKA_RAND];
	struct names n;
	struct mid mid = describe(m, m->first, &n);
	struct fault f;

	credential_place(&mid.usim.credential, m->k_n, m->secret);
	mid.trial = (struct trial){ BYTES(any), BYTES(any), BYTES(any) };
	if (!record_fits(&mid_record, &mid, &f))
		conf_wrong(c, "mid", strrchr(f.where, '.') + 1, "%s", f.fact);
}

void
mint_load(struct mint *m, const char *path)
{
	struct conf *c = conf_load(path);
	const char *isim, *not_after, *algorithm;
	struct fault f;

	*m = (struct mint){
		.sho = text_of(conf_require(c, "mid", "sho")),
		.plmn = text_of(conf_require(c, "mid", "plmn")),
		.spn = text_of(conf_text(c, "mid", "spn")),
		.smsc = text_of(conf_text(c, "mid", "smsc")),
		.amf = { 0x80 }, .algorithm = AKA_MILENAGE, .secret = secret_new(CREDENTIAL_SECRET),
	};
	if (!plmn_check(m->plmn, "plmn", &f))
		conf_wrong(c, "mid", "plmn", "%s", f.fact);
	m->msin_digits = IMSI_DIGITS - (m->plmn.n - 1);
	m->last =
	    conf_number(c, "mid", "last", 1, all_nines(m->msin_digits), all_nines(m->msin_digits));
	m->first = conf_number(c, "mid", "first", 0, m->last, 1);
	load_iccid_prefix(m, c);
	m->apn_count = load_list(c, "apns", &apn_element, &m->apns);
	m->destination_count = load_list(c, "destinations", &destination_element, &m->destinations);
	conf_hex(c, "mid", "amf", m->amf, sizeof m->amf);
	if ((algorithm = conf_text(c, "mid", "algorithm")) != NULL &&
	    (m->algorithm = choice_of(&aka_algorithms, text_of(algorithm))) == 0)
		conf_wrong(c, "mid", "algorithm", "'%s' is none of its choices", algorithm);
	m->k_n = conf_number(c, "mid", "k_length", 16, 32, 16);
	if (m->k_n != 16 && (m->k_n != 32 || m->algorithm != AKA_TUAK))
		conf_wrong(c, "mid", "k_length", "needs 16, or 32 for tuak");
	if ((isim = conf_text(c, "mid", "isim")) != NULL)
		m->isim = strcmp(isim, "yes") == 0;
	if (isim != NULL && !m->isim && strcmp(isim, "no") != 0)
		conf_wrong(c, "mid", "isim", "needs yes or no, has '%s'", isim);
	if ((not_after = conf_text(c, "mid", "not_after")) != NULL &&
	    !when_read(text_of(not_after), &m->not_after))
		conf_wrong(c, "mid", "not_after", "needs a time, has '%s'", not_after);
	conf_finish(c);
	check_profile(m, c);
}
