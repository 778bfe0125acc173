/* SPDX-License-Identifier: Apache-2.0 */
#include "role/usim.h"

#include "msg/subscriber.h"
#include "msg/vector.h"
#include "role/rekey.h"
#include "role/renew.h"

/* The one slot that aka_check moved. */
static bool
keep_card(const struct tre *t, struct text identity, const struct aka_card *before,
    const struct aka_card *after, struct fault *f)
{
	for (uint64_t i = 0; i < AKA_SLOTS_MAX; i++)
		if (after->seq[i] != before->seq[i] &&
		    !application_write_slot(t, identity, i, after->seq[i], f))
			return false;
	return true;
}

/* What the equipment makes of RES for the access it is on; c: the keys are in *v. */
static struct bytes
response(const struct challenge *c, struct vector *v)
{
	struct bytes res = { v->aka.res, v->aka.res_n };

	if (c->kind == AV_GSM) {
		vector_sres(res, v->sres);
		return BYTES(v->sres);
	}
	if (c->kind != AV_5G_HE && c->kind != AV_5G_SE)
		return res;
	kdf_res_star(v->aka.ck, v->aka.ik, kdf_serving_network(c->plmn, v->serving_network), v->aka.rand, res,
	    v->xres_star);
	return BYTES(v->xres_star);
}

/* GSM: no network to authenticate, nothing to count. */
static bool
answer_gsm(const struct challenge *c, const struct aka_keys *keys, struct vector *v,
    struct auth_response *out)
{
	static const uint8_t no_amf[AKA_AMF];

	aka_vector(keys, 0, no_amf, &v->aka);
	out->res = response(c, v);
	return true;
}

/* The refusal is itself the answer. */
static bool
answered(struct fault *f)
{
	f->answered = true;
	return false;
}

static bool
decide(const struct tre *t, const struct challenge *c, const struct aka_keys *keys, struct vector *v,
    uint8_t auts[static AKA_AUTS], struct auth_response *out, struct fault *f)
{
	struct aka_card before, card;

	*out = (struct auth_response){ .identity = c->identity, .rand = c->rand };
	if (c->kind == AV_GSM)
		return answer_gsm(c, keys, v, out);
	if (vector_is_separated(c->kind) && (c->autn.p[AKA_SQN] & AKA_SEPARATION) == 0) {
		out->failure = FAILURE_SEPARATION;
		fault_refuse(f, "separation-bit", "challenge.autn",
		    "AMF lacks the separation bit (TS 33.102 Annex H)");
		return answered(f);
	}
	if (!application_read_card(t, c->identity, &before, f))
		return false;
	card = before;
	switch (aka_check(keys, &card, &v->aka, auts)) {
	case AKA_RESPONSE:
		out->res = response(c, v);
		return keep_card(t, c->identity, &before, &card, f) && renew_used(t, c->identity, f);
	case AKA_MAC_FAILURE:
		out->failure = FAILURE_MAC;
		fault_refuse(f, "mac-failure", "challenge.autn", "MAC is wrong (TS 33.102 6.3.3)");
		return answered(f);
	case AKA_SYNC_FAILURE:
		out->auts = (struct bytes){ auts, AKA_AUTS };
		fault_refuse(f, "sync-failure", "challenge.autn", "SQN is not fresh (TS 33.102 6.3.3)");
		return answered(f);
	}
	return false;
}

static bool
answer_with(const struct tre *t, const struct challenge *c, struct bytes object, struct vector *v,
    uint8_t auts[static AKA_AUTS], struct auth_response *out, struct fault *f)
{
	struct credential credential;
	struct aka_keys keys;
	struct text same;

	if (!subscriber_read(object, &same, &credential, f))
		return false;
	memcpy(v->aka.rand, c->rand.p, AKA_RAND);
	if (c->autn.p != NULL)
		memcpy(v->aka.autn, c->autn.p, AKA_AUTN);
	keys = credential_keys(&credential);
	return decide(t, c, &keys, v, auts, out, f);
}

/*
 * After an update the network may not have heard of it yet.  One that has heard has authenticated
 * itself by that, which in GSM none does.
 */
bool
usim_auth(const struct tre *t, const struct challenge *c, uint64_t now, struct vector *v,
    uint8_t auts[static AKA_AUTS], struct auth_response *out, struct fault *f)
{
	static struct buf object;
	bool ok, found = false;

	buf_wipe(&object);
	if (!application_open(t, c->identity, now, &object, f))
		return false;
	ok = answer_with(t, c, buf_bytes(&object), v, auts, out, f) &&
	    (c->kind == AV_GSM || rekey_proven(t, c->identity, f));
	buf_wipe(&object);
	if (ok || !f->answered || out->failure != FAILURE_MAC)
		return ok;
	if (!rekey_previous(t, c->identity, &object, &found, f))
		return false;
	if (found) {
		*f = (struct fault){ 0 };
		ok = answer_with(t, c, buf_bytes(&object), v, auts, out, f);
	}
	buf_wipe(&object);
	return ok;
}
