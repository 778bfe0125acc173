/* SPDX-License-Identifier: Apache-2.0 */
/* mint_load(): the profile that an operator's people write. */
#include <stdio.h>

#include "crypto/conf.h"
#include "crypto/secret.h"
#include "msg/attach.h"
#include "msg/pcid.h"
#include "role/mint.h"

/* The SEQ after it is the highest that a fresh card takes (TS 33.102 C.2.1). */
#define SQN_MAX ((AKA_DELTA - 1) << AKA_IND_BITS)

/* --- values ------------------------------------------------------------------------ */

static uint64_t
all_nines(size_t digits)
{
	uint64_t n = 0;

	while (digits-- > 0)
		n = 10 * n + 9;
	return n;
}

static bool
yes(struct conf *c, const char *key, bool fallback)
{
	const char *word = conf_text(c, "mid", key);

	if (word != NULL && strcmp(word, "yes") != 0 && strcmp(word, "no") != 0)
		conf_wrong(c, "mid", key, "needs yes or no, has '%s'", word);
	return word != NULL ? strcmp(word, "yes") == 0 : fallback;
}

static uint64_t
choice(struct conf *c, const char *key, const struct choices *of, uint64_t fallback)
{
	const char *word = conf_text(c, "mid", key);
	uint64_t which = word != NULL ? choice_of(of, text_of(word)) : fallback;

	if (word != NULL && which == 0)
		conf_wrong(c, "mid", key, "'%s' is none of its choices", word);
	return which;
}

static uint64_t
moment(struct conf *c, const char *key)
{
	const char *word = conf_text(c, "mid", key);
	uint64_t when = 0;

	if (word != NULL && !when_read(text_of(word), &when))
		conf_wrong(c, "mid", key, "needs a time, has '%s'", word);
	return when;
}

static void
add(const struct conf *c, const char *key, const struct field *element, struct list *l,
    struct buf *raw, const void *one)
{
	struct fault f;

	if (!field_fits(element, one, &f))
		conf_wrong(c, "mid", key, "%s", f.fact);
	list_add(element, l, raw, one);
}

static struct list
load_list(struct conf *c, const char *key, const struct field *element, struct buf *raw)
{
	const char *rest = conf_text(c, "mid", key);
	struct list l = { 0 };
	struct text word;

	while (rest != NULL && conf_word(&rest, &word))
		add(c, key, element, &l, raw, &word);
	l.raw = buf_bytes(raw);
	return l;
}

/* --- parts of it ------------------------------------------------------------------- */

/* "901-70" or, with access technologies, "901-70:4000" */
static struct list
load_preferred(struct conf *c, struct buf *raw)
{
	const char *rest = conf_text(c, "mid", "preferred");
	struct list l = { 0 };
	struct text word;

	while (rest != NULL && conf_word(&rest, &word)) {
		struct preferred_plmn one = { .plmn = word };
		const uint8_t *colon = memchr(word.p, ':', word.n);
		struct buf access = { 0 };

		if (colon != NULL) {
			one.plmn.n = (size_t)(colon - word.p);
			if (!hex_read(&access, (struct text){ colon + 1, word.n - one.plmn.n - 1 }))
				conf_wrong(c, "mid", "preferred", "needs 4 hex digits after the colon");
			one.access = buf_bytes(&access);
		}
		add(c, "preferred", &preferred_element, &l, raw, &one);
		buf_free(&access);
	}
	l.raw = buf_bytes(raw);
	return l;
}

static void
load_numbers(struct mint *m, struct conf *c)
{
	const char *prefix = conf_require(c, "mid", "iccid_prefix");
	size_t n = strlen(prefix), room;
	struct text plmn = text_of(conf_require(c, "mid", "plmn"));
	struct fault f;

	if (!plmn_check(plmn, "plmn", &f))
		conf_wrong(c, "mid", "plmn", "%s", f.fact);
	m->common.usim.hplmn = plmn;
	m->common.usim.mnc_length = plmn_mnc_length(plmn);
	m->msin_digits = IMSI_DIGITS - (plmn.n - 1);
	m->last = conf_number(c, "mid", "last", 1, all_nines(m->msin_digits), all_nines(m->msin_digits));
	m->first = conf_number(c, "mid", "first", 0, m->last, 1);
	room = ICCID_DIGITS - 1 - m->msin_digits;
	if (!text_is_digits(text_of(prefix)) || n > room)
		conf_wrong(c, "mid", "iccid_prefix", "needs up to %zu digits, has '%s'", room, prefix);
	snprintf(m->iccid_prefix, sizeof m->iccid_prefix, "%s%0*d", prefix, (int)(room - n), 0);
	m->iccid_prefix[room] = '\0';
}

static void
load_credential(struct mint *m, struct conf *c)
{
	struct credential *k = &m->common.usim.credential;

	m->amf[0] = 0x80;
	conf_hex(c, "mid", "amf", m->amf, sizeof m->amf);
	k->amf = BYTES(m->amf);
	k->algorithm = choice(c, "algorithm", &aka_algorithms, AKA_MILENAGE);
	m->k_n = conf_number(c, "mid", "k_length", 16, 32, 16);
	if (m->k_n != 16 && (m->k_n != 32 || k->algorithm != AKA_TUAK))
		conf_wrong(c, "mid", "k_length", "needs 16, or 32 for tuak");
	if (conf_hex(c, "mid", "rotations", m->rotations, sizeof m->rotations))
		k->rotations = BYTES(m->rotations);
	if (conf_hex(c, "mid", "xorings", m->xorings, sizeof m->xorings))
		k->xorings = BYTES(m->xorings);
	k->options.iterations = conf_number(c, "mid", "iterations", 1, 255, 0);
	k->options.res_length = conf_number(c, "mid", "res_length", 4, AKA_RES_MAX, 0);
	k->sqn = conf_number(c, "mid", "sqn", 1 << AKA_IND_BITS, SQN_MAX, 1 << AKA_IND_BITS);
	if (k->sqn % (1 << AKA_IND_BITS) != 0)
		conf_wrong(c, "mid", "sqn", "needs a multiple of %d", 1 << AKA_IND_BITS);
}

/* Many devices cannot have one name. */
static const char *
load_name(const struct conf *c, const char *key, const char *pattern)
{
	if (pattern != NULL && strstr(pattern, "{imsi}") == NULL)
		conf_wrong(c, "mid", key, "needs {imsi} in it");
	return pattern;
}

static void
load_isim(struct mint *m, struct conf *c)
{
	m->with_usim = yes(c, "usim", true);
	m->with_isim = yes(c, "isim", false);
	if (!m->with_usim && !m->with_isim)
		conf_wrong(c, "mid", "usim", "needs a USIM, an ISIM or both");
	m->domain = conf_text(c, "mid", "domain");
	m->impi = load_name(c, "impi", conf_text(c, "mid", "impi"));
	m->impus = load_name(c, "impus", conf_text(c, "mid", "impus"));
	if (!m->with_isim && (m->domain != NULL || m->impi != NULL || m->impus != NULL))
		conf_wrong(c, "mid", "isim", "needs yes for domain, impi and impus");
}

static void
load_management(struct mint *m, struct conf *c)
{
	struct mid_policy *p = &m->common.policy;

	p->delete_by = choice(c, "delete_by", &mid_parties, 0);
	p->replace_by = choice(c, "replace_by", &mid_parties, 0);
	if (p->delete_by != 0 || p->replace_by != 0) {	/* both or neither */
		p->delete_by = p->delete_by != 0 ? p->delete_by : MID_BY_OWNER;
		p->replace_by = p->replace_by != 0 ? p->replace_by : MID_BY_OWNER;
	}
	m->ota_sets = conf_number(c, "mid", "ota_keys", 0, OTA_SETS_MAX, 0);
	m->ota_key_n = conf_number(c, "mid", "ota_key_length", 16, OTA_KEY_MAX, 16);
	if (m->ota_key_n % 8 != 0)
		conf_wrong(c, "mid", "ota_key_length", "needs 16, 24 or 32");
}

/*
 * What the first MID would be, with anything for what is drawn:
 * a fault in a field is one of its key.
 */
static void
check_profile(struct mint *m, const struct conf *c)
{
	struct fault f;
	const char *dot;

	if (mint_fits(m, &f))
		return;
	dot = strrchr(f.where, '.');
	conf_wrong(c, "mid", dot != NULL ? dot + 1 : f.where, "%s", f.fact);
}

void
mint_load(struct mint *m, const char *path)
{
	struct conf *c = conf_load(path);
	struct usim *u = &m->common.usim;

	*m = (struct mint){ .secret = secret_new(MINT_SECRET) };
	m->common.sho = text_of(conf_require(c, "mid", "sho"));
	load_numbers(m, c);
	load_credential(m, c);
	load_isim(m, c);
	load_management(m, c);
	u->spn = text_of(conf_text(c, "mid", "spn"));
	u->smsc = text_of(conf_text(c, "mid", "smsc"));
	u->apns = load_list(c, "apns", &apn_element, &m->apns);
	u->destinations = load_list(c, "destinations", &destination_element, &m->destinations);
	u->preferred = load_preferred(c, &m->preferred);
	u->forbidden = load_list(c, "forbidden", &forbidden_element, &m->forbidden);
	m->common.not_before = moment(c, "not_before");
	m->common.not_after = moment(c, "not_after");
	conf_finish(c);
	check_profile(m, c);
}
