/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aka.h"

#include "crypto/secret.h"

enum { SQN = 6, MAC = 8 };

static const uint8_t no_amf[AKA_AMF];	/* AMF* of a resynchronisation (6.3.3) */

static void
spell_sqn(uint64_t sqn, uint8_t out[static SQN])
{
	for (int i = SQN - 1; i >= 0; i--, sqn >>= 8)
		out[i] = (uint8_t)sqn;
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

/* The one place that knows the algorithms apart. */
static void
functions(const struct aka_keys *keys, const uint8_t rand[static AKA_RAND], const uint8_t sqn[static SQN],
    const uint8_t amf[static AKA_AMF], bool resync, struct milenage_out *out)
{
	milenage(&(struct milenage){ keys->k, keys->opc, &keys->constants }, rand, sqn, amf, resync, out);
}

static void
take_keys(struct aka_vector *v, const struct milenage_out *o)
{
	memcpy(v->res, o->res, sizeof o->res);
	v->res_n = sizeof o->res;
	memcpy(v->ck, o->ck, AKA_KEY);
	memcpy(v->ik, o->ik, AKA_KEY);
}

void
aka_vector(const struct aka_keys *keys, uint64_t sqn, const uint8_t amf[static AKA_AMF],
    struct aka_vector *v)
{
	struct milenage_out o;
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
highest(const struct aka_card *card)
{
	uint64_t best = 0;

	for (uint64_t i = 1; i < AKA_SLOTS; i++)
		if (card->seq[i] > card->seq[best])
			best = i;
	return card->seq[best] << AKA_IND_BITS | best;
}

static bool
fresh(const struct aka_card *card, uint64_t sqn)
{
	uint64_t seq = sqn >> AKA_IND_BITS, top = highest(card) >> AKA_IND_BITS;

	if (seq > top && seq - top > AKA_DELTA)
		return false;
	return seq > card->seq[sqn % AKA_SLOTS];
}

static void
make_auts(const struct aka_keys *keys, const struct aka_card *card, const uint8_t rand[static AKA_RAND],
    uint8_t auts[static AKA_AUTS])
{
	struct milenage_out o;
	uint8_t sqn[SQN];

	spell_sqn(highest(card), sqn);
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
	struct milenage_out o;
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
	if (!fresh(card, n)) {
		secret_wipe(v->res, sizeof v->res);
		secret_wipe(v->ck, sizeof v->ck);
		secret_wipe(v->ik, sizeof v->ik);
		make_auts(keys, card, v->rand, auts);
		return AKA_SYNC_FAILURE;
	}
	card->seq[n % AKA_SLOTS] = n >> AKA_IND_BITS;
	return AKA_RESPONSE;
}

bool
aka_resync(const struct aka_keys *keys, const uint8_t rand[static AKA_RAND],
    const uint8_t auts[static AKA_AUTS], uint64_t *sqn_ms)
{
	struct milenage_out o;
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
