/* SPDX-License-Identifier: Apache-2.0 */
#include "role/icf.h"

#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "msg/subscriber.h"
#include "msg/vector.h"

/* --- identities -------------------------------------------------------------- */

bool
icf_unknown(struct text identity, struct fault *f)
{
	return fault_refuse(f, "unknown-identity", NULL, "%.*s is not in the ledger",
	    (int)identity.n, identity.p);
}

bool
icf_holds(struct store *s, struct text identity, struct bytes object, struct fault *f)
{
	struct row row;
	bool same;

	if (!store_row(s, f, &row, "SELECT object FROM identity WHERE identity = ?1", V_TEXT(identity)))
		return false;
	if (!row.found)
		return icf_unknown(identity, f);
	same = secret_equal(row_bytes(&row, 0), object);
	row_done(&row);
	return same || fault_refuse(f, "already-known", NULL, "%.*s is in the ledger with other data",
	    (int)identity.n, identity.p);
}

bool
icf_add(struct store *s, const struct account *a, struct fault *f)
{
	uint64_t seq = a->sqn >> a->ind_bits, added;

	if (!store_run(s, f, &added, "INSERT INTO identity VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
	    " ON CONFLICT DO NOTHING", V_TEXT(a->identity),
	    V_TEXT(text_of(a->live ? "live" : "dormant")), V_BYTES(a->object),
	    V_INT(seq > 0 ? seq - 1 : 0), V_INT(a->not_before), V_INT(a->not_after),
	    V_BYTES(a->apns.raw), V_INT(a->apns.count), V_BYTES(a->destinations.raw),
	    V_INT(a->destinations.count)))
		return false;
	return added == 1 || icf_holds(s, a->identity, a->object, f);
}

bool
icf_set_state(struct store *s, struct text identity, uint64_t state, struct fault *f)
{
	uint64_t changed;

	if (!store_run(s, f, &changed, "UPDATE identity SET state = ?2 WHERE identity = ?1",
	    V_TEXT(identity), V_TEXT(text_of(subscription_states.words[state - 1]))))
		return false;
	return changed == 1 || icf_unknown(identity, f);
}

bool
icf_quarantined(struct text identity, struct fault *f)
{
	return fault_refuse(f, "quarantined", NULL, "%.*s is quarantined", (int)identity.n, identity.p);
}

bool
icf_activate(struct store *s, struct text identity, struct fault *f)
{
	uint64_t changed;
	struct row row;

	if (!store_run(s, f, &changed, "UPDATE identity SET state = 'live'"
	    " WHERE identity = ?1 AND state <> 'quarantined'", V_TEXT(identity)))
		return false;
	if (changed == 1)
		return true;
	if (!store_row(s, f, &row, "SELECT 1 FROM identity WHERE identity = ?1", V_TEXT(identity)))
		return false;
	if (!row.found)
		return icf_unknown(identity, f);
	row_done(&row);
	return icf_quarantined(identity, f);
}

/* --- vectors ----------------------------------------------------------------- */

struct reply {			/* what a request was or is given: seq + 1 ... seq + count, in ind */
	uint64_t seq, ind;
	uint8_t rands[VECTORS_MAX * AKA_RAND];
};

static bool
find_reply(struct store *s, const struct av_request *a, const uint8_t digest[static DIGEST_LEN],
    struct reply *reply, bool *found, struct fault *f)
{
	struct row row;
	bool fits;

	*found = false;
	if (a->request.p == NULL)
		return true;
	if (!store_row(s, f, &row, "SELECT digest, seq, ind, rands FROM answered WHERE request = ?1",
	    V_BYTES(a->request)))
		return false;
	if (!(*found = row.found))
		return true;
	fits = bytes_equal(row_bytes(&row, 0), (struct bytes){ digest, DIGEST_LEN }) &&
	    row_bytes(&row, 3).n == a->count * AKA_RAND;
	if (fits) {
		reply->seq = row_int(&row, 1);
		reply->ind = row_int(&row, 2);
		memcpy(reply->rands, row_bytes(&row, 3).p, a->count * AKA_RAND);
	}
	row_done(&row);
	return fits || fault_refuse(f, "request-reused", "av-request.request",
	    "was answered for other content");
}

/* Each network that asks counts in an index of its own (TS 33.102 C.1.2), while there are any left. */
static bool
find_node(struct store *s, struct text plmn, unsigned ind_bits, uint64_t *ind, struct fault *f)
{
	struct row row;

	if (!store_run(s, f, NULL, "INSERT INTO node SELECT ?1, (SELECT count(*) FROM node) WHERE true"
	    " ON CONFLICT DO NOTHING", V_TEXT(plmn)) ||
	    !store_row(s, f, &row, "SELECT ind FROM node WHERE plmn = ?1", V_TEXT(plmn)))
		return false;
	*ind = row_int(&row, 0) & ((UINT64_C(1) << ind_bits) - 1);
	row_done(&row);
	return true;
}

struct reach {			/* what a card takes, as far as is known: seen + 1 ... seen + delta */
	uint64_t seen, delta;
};

/* Whether it says something new: of one that was taken before, whoever heard it can make use again. */
static bool
is_news(struct store *s, const struct av_request *a, bool *news, struct fault *f)
{
	uint64_t added;

	if (!store_run(s, f, &added, "INSERT INTO resync VALUES(?1, ?2) ON CONFLICT DO NOTHING",
	    V_TEXT(a->identity), V_BYTES(a->auts)))
		return false;
	*news = added == 1;
	return true;
}

/* By a genuine AUTS, when the request brings one for the first time; else anything. */
static bool
find_reach(struct store *s, const struct credential *c, const struct av_request *a, struct reach *card,
    struct fault *f)
{
	struct aka_keys keys = credential_keys(c);
	uint64_t sqn;
	bool news;

	*card = (struct reach){ 0, AKA_SQN_MAX };
	if (a->auts.p == NULL)
		return true;
	if (!aka_resync(&keys, a->rand.p, a->auts.p, &sqn))
		return fault_refuse(f, "wrong-auts", "av-request.auts", "MAC-S does not fit (TS 33.102 6.3.5)");
	if (!is_news(s, a, &news, f))
		return false;
	if (news)
		*card = (struct reach){ sqn >> keys.ind_bits, keys.delta };
	return true;
}

/* Whence counting goes on: from ours when the card would take the next, else from the card's (6.3.5). */
#define BASE "CASE WHEN seq - ?2 BETWEEN 0 AND ?3 - 1 THEN seq ELSE ?2 END"

/* One statement decides: the numbers are ours, or nothing has changed. */
static bool
take_seqs(struct store *s, const struct av_request *a, const struct reach *card, unsigned ind_bits,
    uint64_t *seq, struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "UPDATE identity SET seq = " BASE " + ?4"
	    " WHERE identity = ?1 AND state = 'live' AND " BASE " + ?4 <= ?5 RETURNING seq - ?4",
	    V_TEXT(a->identity), V_INT(card->seen), V_INT(card->delta), V_INT(a->count),
	    V_INT(AKA_SQN_MAX >> ind_bits)))
		return false;
	if (!row.found)
		return fault_refuse(f, "sqn-exhausted", NULL, "%.*s has no sequence numbers left",
		    (int)a->identity.n, a->identity.p);
	*seq = row_int(&row, 0);
	row_done(&row);
	return true;
}

static bool
make_reply(struct store *s, const struct av_request *a, const struct credential *c,
    const uint8_t digest[static DIGEST_LEN], struct reply *reply, struct fault *f)
{
	unsigned ind_bits = credential_ind_bits(c);
	struct reach card;

	if (!find_reach(s, c, a, &card, f) || !find_node(s, a->plmn, ind_bits, &reply->ind, f) ||
	    !take_seqs(s, a, &card, ind_bits, &reply->seq, f))
		return false;
	random_bytes(reply->rands, a->count * AKA_RAND);
	return a->request.p == NULL || store_run(s, f, NULL, "INSERT INTO answered VALUES(?1, ?2, ?3, ?4, ?5)",
	    V_BYTES(a->request), V_BYTES(((struct bytes){ digest, DIGEST_LEN })), V_INT(reply->seq),
	    V_INT(reply->ind), V_BYTES(((struct bytes){ reply->rands, a->count * AKA_RAND })));
}

/* --- what the ledger says of an identity ----------------------------------------- */

static bool
is_usable(struct store *s, struct text identity, uint64_t now, struct fault *f)
{
	struct row row;
	bool ok;

	if (!store_row(s, f, &row, "SELECT state, not_before, not_after FROM identity"
	    " WHERE identity = ?1", V_TEXT(identity)))
		return false;
	if (text_is(row_text(&row, 0), "quarantined"))
		ok = icf_quarantined(identity, f);
	else if (!text_is(row_text(&row, 0), "live"))
		ok = fault_refuse(f, "dormant", NULL, "%.*s is not activated", (int)identity.n, identity.p);
	else
		ok = subscriber_in_time(identity, row_int(&row, 1), row_int(&row, 2), now, f);
	row_done(&row);
	return ok;
}

static bool
find_credential(struct store *s, struct text identity, struct buf *object, struct credential *c,
    struct fault *f)
{
	struct text same;
	struct row row;
	struct fault why;

	if (!store_row(s, f, &row, "SELECT object FROM identity WHERE identity = ?1", V_TEXT(identity)))
		return false;
	if (!row_take(&row, object))
		return icf_unknown(identity, f);
	if (subscriber_read(buf_bytes(object), &same, c, &why))
		return true;
	return fault_world(f, NULL, "ledger: %.*s: %.150s", (int)identity.n, identity.p, why.fact);
}

static void
put_vectors(const struct av_request *a, const struct credential *c, const struct reply *reply,
    void (*put)(const struct av *))
{
	unsigned ind_bits = credential_ind_bits(c);
	struct vector v;

	for (uint64_t i = 0; i < a->count; i++) {
		struct av av = {
			.identity = a->identity, .request = a->request, .kind = a->kind,
			.network = a->kind == AV_EAP_AKA_PRIME ? a->network : (struct text){ 0 },
		};

		if (vector_is_separated(a->kind) && a->kind != AV_EAP_AKA_PRIME)
			av.plmn = a->plmn;
		memcpy(v.aka.rand, reply->rands + i * AKA_RAND, AKA_RAND);
		vector_make(c, (reply->seq + 1 + i) << ind_bits | reply->ind, &v, &av);
		put(&av);
	}
	secret_wipe(&v, sizeof v);
}

/* What was answered in time is answered again, however late. */
bool
icf_answer(struct store *s, const struct av_request *a, struct bytes encoded, uint64_t now,
    enum icf_amf amf, void (*put)(const struct av *), struct fault *f)
{
	static struct buf object;
	struct credential c;
	struct reply reply;
	uint8_t digest[DIGEST_LEN], own_amf[AKA_AMF];
	bool ok, found;

	digest_sha256(encoded, digest);
	ok = find_credential(s, a->identity, &object, &c, f) &&
	    find_reply(s, a, digest, &reply, &found, f) &&
	    (found || (is_usable(s, a->identity, now, f) && make_reply(s, a, &c, digest, &reply, f)));
	if (ok && amf == ICF_AMF_BY_KIND && !vector_is_separated(a->kind)) {
		own_amf[0] = c.amf.p[0] & (uint8_t)~AKA_SEPARATION;
		own_amf[1] = c.amf.p[1];
		c.amf = BYTES(own_amf);
	}
	if (ok)
		put_vectors(a, &c, &reply, put);
	buf_wipe(&object);
	return ok;
}

bool
icf_resync(struct store *s, struct text identity, struct bytes rand, struct bytes auts, uint64_t now,
    struct fault *f)
{
	const struct av_request a = { .identity = identity, .rand = rand, .auts = auts };
	static struct buf object;
	struct credential c;
	struct reach card;
	uint64_t seq;
	bool ok;

	ok = find_credential(s, identity, &object, &c, f) && is_usable(s, identity, now, f) &&
	    find_reach(s, &c, &a, &card, f) &&
	    take_seqs(s, &a, &card, credential_keys(&c).ind_bits, &seq, f);
	buf_wipe(&object);
	return ok;
}

bool
icf_subscription(struct store *s, struct text identity, uint64_t now, struct subscription *out,
    struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "SELECT state, not_after, apns, apn_count, destinations,"
	    " destination_count, not_before FROM identity WHERE identity = ?1", V_TEXT(identity)))
		return false;
	if (!row.found)
		return icf_unknown(identity, f);
	*out = (struct subscription){
		.identity = identity, .not_after = row_int(&row, 1),
		.apns = { row_bytes(&row, 2), row_int(&row, 3) },
		.destinations = { row_bytes(&row, 4), row_int(&row, 5) },
	};
	out->state = text_is(row_text(&row, 0), "live") && row_int(&row, 6) <= now ?
	    SUBSCRIPTION_LIVE : SUBSCRIPTION_DORMANT;
	if (out->not_after != 0 && out->not_after <= now)
		out->state = SUBSCRIPTION_EXPIRED;
	if (text_is(row_text(&row, 0), "quarantined"))
		out->state = SUBSCRIPTION_QUARANTINED;
	return true;
}
