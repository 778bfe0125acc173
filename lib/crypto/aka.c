/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aka.h"

#include <endian.h>

#include "crypto/secret.h"
#include "crypto/tuak.h"
#include "crypto/xor.h"

enum { SQN = AKA_SQN, MAC = 8 };

static const uint8_t no_amf[AKA_AMF];	/* AMF* of a resynchronisation (6.3.3) */

static void
spell_sqn(uint64_t sqn, uint8_t out[static SQN])
{
	const uint64_t first = htobe64(sqn << 16);

	memcpy(out, &first, SQN);
}

static uint64_t
read_sqn(const uint8_t in[static SQN])
{
	uint64_t sqn = 0;

	for (int i = 0; i < SQN; i++)
		sqn = sqn << 8 | in[i];
	return sqn;
}

static void
conceal(uint8_t out[static SQN], const uint8_t sqn[static SQN], const uint8_t ak[static SQN])
{
	for (int i = 0; i < SQN; i++)
		out[i] = sqn[i] ^ ak[i];
}

struct outputs {			/* f1 to f5*, for one SQN and AMF */
	uint8_t mac_a[MAC], mac_s[MAC], ak[SQN], ak_s[SQN];
	uint8_t res[AKA_RES_MAX], ck[AKA_KEY], ik[AKA_KEY];
	size_t res_n;
};

static void
by_milenage(const struct aka_keys *keys, const uint8_t *rand, const uint8_t *sqn, const uint8_t *amf,
    bool resync, struct outputs *out)
{
	struct milenage_out m;

	milenage(&(struct milenage){ keys->k, keys->opc, &keys->constants }, rand, sqn, amf, resync, &m);
	memcpy(out->mac_a, m.mac_a, MAC);
	memcpy(out->mac_s, m.mac_s, MAC);
	memcpy(out->ak, m.ak, SQN);
	memcpy(out->ak_s, m.ak_s, SQN);
	memcpy(out->res, m.res, out->res_n = sizeof m.res);
	memcpy(out->ck, m.ck, AKA_KEY);
	memcpy(out->ik, m.ik, AKA_KEY);
	secret_wipe(&m, sizeof m);
}

static void
by_tuak(const struct aka_keys *keys, const uint8_t *rand, const uint8_t *sqn, const uint8_t *amf,
    bool resync, struct outputs *out)
{
	struct tuak t = { keys->k, keys->k_n, keys->opc, keys->iterations, MAC, keys->res_n, AKA_KEY, AKA_KEY };
	struct tuak_out m;

	tuak(&t, rand, sqn, amf, resync, &m);
	memcpy(out->mac_a, m.mac_a, MAC);
	memcpy(out->mac_s, m.mac_s, MAC);
	memcpy(out->ak, m.ak, SQN);
	memcpy(out->ak_s, m.ak_s, SQN);
	memcpy(out->res, m.res, out->res_n = keys->res_n);
	memcpy(out->ck, m.ck, AKA_KEY);
	memcpy(out->ik, m.ik, AKA_KEY);
	secret_wipe(&m, sizeof m);
}

/* A resynchronisation uses the same AK and MAC (TS 34.108 8.1.2.2). */
static void
by_xor(const struct aka_keys *keys, const uint8_t *rand, const uint8_t *sqn, const uint8_t *amf,
    struct outputs *out)
{
	struct xor_out m;

	xor_functions(keys->k, rand, sqn, amf, &m);
	memcpy(out->mac_a, m.mac, MAC);
	memcpy(out->mac_s, m.mac, MAC);
	memcpy(out->ak, m.ak, SQN);
	memcpy(out->ak_s, m.ak, SQN);
	memcpy(out->res, m.res, out->res_n = sizeof m.res);
	memcpy(out->ck, m.ck, AKA_KEY);
	memcpy(out->ik, m.ik, AKA_KEY);
	secret_wipe(&m, sizeof m);
}

/* The one place that knows the algorithms apart. resync: f1* and f5* matter, f1 does not. */
static void
functions(const struct aka_keys *keys, const uint8_t rand[static AKA_RAND], const uint8_t sqn[static SQN],
    const uint8_t amf[static AKA_AMF], bool resync, struct outputs *out)
{
	switch (keys->algorithm) {
	case AKA_MILENAGE: by_milenage(keys, rand, sqn, amf, resync, out); break;
	case AKA_TUAK: by_tuak(keys, rand, sqn, amf, resync, out); break;
	case AKA_XOR: by_xor(keys, rand, sqn, amf, out); break;
	}
}

static void
take_keys(struct aka_vector *v, const struct outputs *o)
{
	memcpy(v->res, o->res, o->res_n);
	v->res_n = o->res_n;
	memcpy(v->ck, o->ck, AKA_KEY);
	memcpy(v->ik, o->ik, AKA_KEY);
}

void
aka_vector(const struct aka_keys *keys, uint64_t sqn, const uint8_t amf[static AKA_AMF],
    struct aka_vector *v)
{
	struct outputs o;
	uint8_t s[SQN];

	spell_sqn(sqn, s);
	functions(keys, v->rand, s, amf, false, &o);
	conceal(v->autn, s, o.ak);
	memcpy(v->autn + SQN, amf, AKA_AMF);
	memcpy(v->autn + SQN + AKA_AMF, o.mac_a, MAC);
	take_keys(v, &o);
	secret_wipe(&o, sizeof o);
}

/* The highest SQN accepted, with the index it came in; on a tie the lowest index. */
static uint64_t
highest(const struct aka_keys *keys, const struct aka_card *card)
{
	uint64_t best = 0;

	for (uint64_t i = 1; i < UINT64_C(1) << keys->ind_bits; i++)
		if (card->seq[i] > card->seq[best])
			best = i;
	return card->seq[best] << keys->ind_bits | best;
}

static uint64_t
slot(const struct aka_keys *keys, uint64_t sqn)
{
	return sqn & ((UINT64_C(1) << keys->ind_bits) - 1);
}

/* C.2.1: neither too far ahead nor, where there is a limit, too old; C.2.2: above the last of its slot. */
static bool
fresh(const struct aka_keys *keys, const struct aka_card *card, uint64_t sqn)
{
	uint64_t seq = sqn >> keys->ind_bits, top = highest(keys, card) >> keys->ind_bits;

	if (seq > top && seq - top > keys->delta)
		return false;
	if (keys->age_limit != 0 && seq < top && top - seq >= keys->age_limit)
		return false;
	return seq > card->seq[slot(keys, sqn)];
}

static void
make_auts(const struct aka_keys *keys, const struct aka_card *card, const uint8_t rand[static AKA_RAND],
    uint8_t auts[static AKA_AUTS])
{
	struct outputs o;
	uint8_t sqn[SQN];

	spell_sqn(highest(keys, card), sqn);
	functions(keys, rand, sqn, no_amf, true, &o);
	conceal(auts, sqn, o.ak_s);
	memcpy(auts + SQN, o.mac_s, MAC);
	secret_wipe(&o, sizeof o);
}

enum aka_answer
aka_check(const struct aka_keys *keys, struct aka_card *card, struct aka_vector *v,
    uint8_t auts[static AKA_AUTS])
{
	const uint8_t *amf = v->autn + SQN, *mac = amf + AKA_AMF;
	struct outputs o;
	uint8_t sqn[SQN] = { 0 };
	uint64_t n;
	bool genuine;

	functions(keys, v->rand, sqn, amf, false, &o);	/* for AK, which does not depend on SQN */
	conceal(sqn, v->autn, o.ak);
	functions(keys, v->rand, sqn, amf, false, &o);
	genuine = secret_equal((struct bytes){ mac, MAC }, BYTES(o.mac_a));
	if (genuine)
		take_keys(v, &o);
	secret_wipe(&o, sizeof o);
	if (!genuine)
		return AKA_MAC_FAILURE;
	n = read_sqn(sqn);
	if (!fresh(keys, card, n)) {
		secret_wipe(v->res, sizeof v->res);
		secret_wipe(v->ck, sizeof v->ck);
		secret_wipe(v->ik, sizeof v->ik);
		make_auts(keys, card, v->rand, auts);
		return AKA_SYNC_FAILURE;
	}
	card->seq[slot(keys, n)] = n >> keys->ind_bits;
	return AKA_RESPONSE;
}

bool
aka_resync(const struct aka_keys *keys, const uint8_t rand[static AKA_RAND],
    const uint8_t auts[static AKA_AUTS], uint64_t *sqn_ms)
{
	struct outputs o;
	uint8_t sqn[SQN] = { 0 };
	bool genuine;

	functions(keys, rand, sqn, no_amf, true, &o);
	conceal(sqn, auts, o.ak_s);
	functions(keys, rand, sqn, no_amf, true, &o);
	genuine = secret_equal((struct bytes){ auts + SQN, MAC }, BYTES(o.mac_s));
	secret_wipe(&o, sizeof o);
	*sqn_ms = read_sqn(sqn);
	return genuine;
}
