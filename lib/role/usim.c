/* SPDX-License-Identifier: Apache-2.0 */
#include "role/usim.h"

#include "msg/subscriber.h"

/* The one slot that aka_check moved. */
static bool
keep_card(const struct tre *t, struct text identity, const struct aka_card *before,
    const struct aka_card *after, struct fault *f)
{
	for (uint64_t i = 0; i < AKA_SLOTS; i++)
		if (after->seq[i] != before->seq[i] &&
		    !application_write_slot(t, identity, i, after->seq[i], f))
			return false;
	return true;
}

static bool
decide(const struct tre *t, const struct challenge *c, const struct aka_keys *keys, struct aka_vector *v,
    uint8_t auts[static AKA_AUTS], struct auth_response *out, struct fault *f)
{
	struct aka_card before, card;

	if (!application_read_card(t, c->identity, &before, f))
		return false;
	card = before;
	*out = (struct auth_response){ .identity = c->identity, .rand = c->rand };
	switch (aka_check(keys, &card, v, auts)) {
	case AKA_RESPONSE:
		out->res = (struct bytes){ v->res, v->res_n };
		return keep_card(t, c->identity, &before, &card, f);
	case AKA_MAC_FAILURE:
		out->failure = 1;
		fault_refuse(f, "mac-failure", "challenge.autn", "MAC is wrong (TS 33.102 6.3.3)");
		break;
	case AKA_SYNC_FAILURE:
		out->auts = (struct bytes){ auts, AKA_AUTS };
		fault_refuse(f, "sync-failure", "challenge.autn", "SQN is not fresh (TS 33.102 6.3.3)");
		break;
	}
	f->answered = true;
	return false;
}

bool
usim_auth(const struct tre *t, const struct challenge *c, uint64_t now, struct aka_vector *v,
    uint8_t auts[static AKA_AUTS], struct auth_response *out, struct fault *f)
{
	static struct buf object;
	struct credential credential;
	struct aka_keys keys;
	struct text same;
	bool ok;

	buf_wipe(&object);
	if (!application_open(t, c->identity, now, &object, f))
		return false;
	if (!subscriber_read(buf_bytes(&object), &same, &credential, f)) {
		buf_wipe(&object);
		return false;
	}
	memcpy(v->rand, c->rand.p, AKA_RAND);
	memcpy(v->autn, c->autn.p, AKA_AUTN);
	keys = credential_keys(&credential);
	ok = decide(t, c, &keys, v, auts, out, f);
	buf_wipe(&object);
	return ok;
}
