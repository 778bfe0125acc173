/* SPDX-License-Identifier: Apache-2.0 */
#include "role/switch.h"

#include "msg/ack.h"
#include "msg/attach.h"
#include "msg/evidence.h"
#include "msg/registration.h"
#include "role/application.h"
#include "role/attest.h"
#include "role/install.h"
#include "role/outbox.h"
#include "role/receipt.h"

/* --- where it stands --------------------------------------------------------------- */

struct turn {			/* one object, and the switch that it moves */
	struct tre *t;
	struct trust *anchors;
	struct bytes encoded;
	uint64_t now;
	struct answers *out;
	uint8_t digest[DIGEST_LEN];	/* by which the answer is kept */
	uint64_t state;			/* choice of switch_states; 0: none was ever ordered */
	char sho[NAME_BYTES + 1];	/* the new operator */
	char old_sho[NAME_BYTES + 1], old_mid[MID_ID_MAX + 1];
	uint8_t nonce[NONCE_BYTES], notice[DIGEST_LEN];
	uint64_t counter, wait, since;
	struct order order;
	struct registration registration;
	struct delivery delivery;
	struct ack ack;
};

static bool
read_switch(struct turn *u, struct fault *f)
{
	struct row row;
	bool ok;

	if (!store_row(u->t->store, f, &row, "SELECT state, sho, old_sho, old_mid, counter, wait, since,"
	    " nonce, notice FROM switch"))
		return false;
	if (!row.found)
		return true;
	u->state = choice_of(&switch_states, row_text(&row, 0));
	ok = text_copy(row_text(&row, 1), u->sho, sizeof u->sho) &&
	    text_copy(row_text(&row, 2), u->old_sho, sizeof u->old_sho) &&
	    text_copy(row_text(&row, 3), u->old_mid, sizeof u->old_mid);
	u->counter = row_int(&row, 4);
	u->wait = row_int(&row, 5);
	u->since = row_int(&row, 6);
	bytes_copy(u->nonce, row_bytes(&row, 7));
	bytes_copy(u->notice, row_bytes(&row, 8));
	row_done(&row);
	return ok || fault_world(f, NULL, "tre: a name is too long");
}

/* From the state it was read in. */
static bool
move(const struct turn *u, uint64_t to, struct fault *f)
{
	uint64_t changed;

	if (!store_run(u->t->store, f, &changed, "UPDATE switch SET state = ?2, nonce = ?3, notice = ?4,"
	    " since = ?5 WHERE state = ?1", V_TEXT(text_of(switch_states.words[u->state - 1])),
	    V_TEXT(text_of(switch_states.words[to - 1])), V_BYTES(BYTES(u->nonce)),
	    V_BYTES(BYTES(u->notice)), V_INT(u->now)))
		return false;
	return changed == 1 || fault_world(f, NULL, "tre: the switch is not where it was");
}

static bool
is_untouched(const struct tre *t, struct fault *f)
{
	struct row row;
	bool touched;

	if (!store_row(t->store, f, &row, "SELECT 1 FROM switch WHERE state = 'discarding'"))
		return false;
	touched = row.found;
	row_done(&row);
	return !touched || fault_refuse(f, "switch-under-way", NULL,
	    "a change of operator waits for an ack, see sho-switch");
}

bool
switch_give_way(const struct tre *t, struct fault *f)
{
	return is_untouched(t, f) &&
	    store_run(t->store, f, NULL, "DELETE FROM switch WHERE state <> 'done'");
}

bool
switch_lose(const struct tre *t, const struct slot *old, struct fault *f)
{
	return is_untouched(t, f) && store_run(t->store, f, NULL, "DELETE FROM switch"
	    " WHERE state <> 'done' AND old_sho = ?1 AND old_mid = ?2", V_TEXT(text_of(old->sho)),
	    V_TEXT(text_of(old->mid)));
}

/* --- order ------------------------------------------------------------------------- */

static bool
open_order(struct turn *u, struct fault *f)
{
	return order_open(u->t, u->anchors, u->encoded, ORDER_RE_PROVISION, u->now, &u->order, f);
}

static bool
begin(const struct turn *u, const struct slot *old, struct fault *f)
{
	const struct order *o = &u->order;

	return store_run(u->t->store, f, NULL, "INSERT OR REPLACE INTO switch(one, state, sho, old_sho,"
	    " old_mid, counter, wait, since) VALUES(1, 'ordered', ?1, ?2, ?3, ?4, ?5, ?6)", V_TEXT(o->sho),
	    V_TEXT(text_of(old->sho)), V_TEXT(text_of(old->mid)), V_INT(o->counter),
	    V_INT(o->wait != 0 ? o->wait : ORDER_WAIT), V_INT(u->now));
}

static bool
obey(struct turn *u, struct fault *f)
{
	struct attach_request a;
	struct tre_device d;
	struct slot old;
	bool found;

	if (!order_count(u->t, &u->order, u->now, f) || !switch_give_way(u->t, f) ||
	    !slot_active(u->t, &old, &found, f))
		return false;
	if (!found)
		return fault_refuse(f, "not-active", NULL, "there is no active MID to change from");
	if (text_is(u->order.sho, old.sho))
		return fault_refuse(f, "wrong-operator", "order.sho", "has the active MID");
	if (!slot_may_replace(u->t, &old, f) || !slot_way_back(u->t, &old, u->now, f) ||
	    !begin(u, &old, f) || !tre_device(u->t, &d, f) ||
	    !application_attaching(u->t, ATTACH_PCID, u->now, &a.identity, f))
		return false;
	a.ueid = d.ueid;
	record_encode(&attach_request_record, &a, &u->out->one[0]);
	return true;
}

/* --- registration -------------------------------------------------------------------- */

static bool
open_registration(struct turn *u, struct fault *f)
{
	return signed_open(u->encoded, &registration_record, u->anchors, u->now, &u->registration,
	    NULL, f);
}

/* Another registration takes the place of one that led nowhere. */
static bool
give_evidence(struct turn *u, struct fault *f)
{
	if (!text_is(u->registration.sho, u->sho))
		return fault_refuse(f, "wrong-operator", "registration.sho", "is not the one ordered");
	bytes_copy(u->nonce, u->registration.nonce);
	return attest(u->t, &u->registration, MODE_REMOTE, u->now, &u->out->one[0], f) &&
	    move(u, SWITCH_ATTESTED, f);
}

/* --- delivery ---------------------------------------------------------------------- */

static bool
open_delivery(struct turn *u, struct fault *f)
{
	return signed_open(u->encoded, &delivery_record, u->anchors, u->now, &u->delivery, NULL, f);
}

/*
 * The point of no return: when this is committed the new MID has been opened, has run, and is
 * valid; the PCID is valid; and only then the old MID is gone.
 */
static bool
exchange(struct turn *u, struct buf *notice, struct fault *f)
{
	const struct order order = { .what = ORDER_RE_PROVISION, .counter = u->counter };
	struct slot new, old;

	if (!slot_brought(u->t, BYTES(u->nonce), &new, f) || !slot_in_time(&new, u->now, f))
		return false;
	if (!new.usim)
		return fault_refuse(f, "wrong-mid", NULL, "%s has no USIM to attach with", new.mid);
	if (!slot_find(u->t, text_of(u->old_sho), text_of(u->old_mid), &old, f) ||
	    !slot_way_back(u->t, &old, u->now, f) || !slot_move(u->t, &old, MID_DISCARDED, f) ||
	    !receipt_discard(u->t, &old, &order, u->now, notice, f))
		return false;
	signed_digest((struct bytes[]){ buf_bytes(notice) }, 1, u->notice);
	return move(u, SWITCH_DISCARDING, f);
}

static bool
install_and_discard(struct turn *u, struct fault *f)
{
	struct buf *answer = &u->out->one[0];

	if (!bytes_equal(u->delivery.nonce, BYTES(u->nonce)))
		return fault_refuse(f, "wrong-nonce", "delivery.nonce", "is not this switch's");
	if (!install(u->t, u->anchors, u->encoded, u->now, answer, f))
		return false;
	if (!outbox_withdraw(u->t, buf_bytes(answer), f))
		return false;
	answer->n = 0;	/* what it reports is that it is active, in the end */
	return exchange(u, answer, f);
}

/* --- ack --------------------------------------------------------------------------- */

static bool
open_ack(struct turn *u, struct fault *f)
{
	struct tre_device d;

	if (!signed_open(u->encoded, &ack_record, u->anchors, u->now, &u->ack, NULL, f) ||
	    !tre_device(u->t, &d, f))
		return false;
	if (!bytes_equal(u->ack.ueid, d.ueid))
		return fault_refuse(f, "wrong-device", "ack.ueid", "is another device's");
	return outbox_settle(u->t, &u->ack, RECEIPT_DISCARD, f);
}

static bool
finish(struct turn *u, struct bytes ack, struct fault *f)
{
	struct slot new;

	return slot_brought(u->t, BYTES(u->nonce), &new, f) &&
	    receipt_release(u->t, &new, ack, u->now, &u->out->one[0], f) &&
	    slot_move(u->t, &new, MID_ACTIVE, f) &&
	    receipt_report(u->t, &new, RESULT_ACTIVATED, u->now, &u->out->one[1], f) &&
	    move(u, SWITCH_DONE, f);
}

static bool
go_on(struct turn *u, struct fault *f)
{
	if (!text_is(u->ack.by, u->old_sho))
		return fault_refuse(f, "wrong-operator", "ack.by", "is not the old operator");
	if (!bytes_equal(u->ack.digest, BYTES(u->notice)))
		return fault_refuse(f, "other-notice", "ack.digest", "is not the notice's");
	return signed_in_time("ack", u->ack.iat, 0, u->now, f) && finish(u, u->encoded, f);
}

/* --- the machine ------------------------------------------------------------------- */

#define IN(state) (1u << (state))
static const struct step {
	const struct record *object;
	unsigned from;		/* in which states it is taken */
	bool (*open)(struct turn *u, struct fault *f);
	bool (*act)(struct turn *u, struct fault *f);
} steps[] = {
	{ &order_record, ~0u, open_order, obey },
	{ &registration_record, IN(SWITCH_ORDERED) | IN(SWITCH_ATTESTED), open_registration,
	    give_evidence },
	{ &delivery_record, IN(SWITCH_ATTESTED), open_delivery, install_and_discard },
	{ &ack_record, IN(SWITCH_DISCARDING), open_ack, go_on },
};

static bool
is_due(const struct turn *u, const struct step *s, struct fault *f)
{
	static const char *const next[] = { "", "a registration", "a delivery", "an ack", "an order" };

	if (s->from & IN(u->state))
		return true;
	if (u->state == 0)
		return fault_refuse(f, "no-switch", NULL, "no change of operator was ordered");
	return fault_refuse(f, "illegal-state", NULL, "the switch is %s, and waits for %s",
	    switch_states.words[u->state - 1], next[u->state]);
}

static bool
run(struct turn *u, const struct step *s, struct fault *f)
{
	bool found;

	for (size_t i = 0; i < ANSWERS; i++)
		u->out->one[i].n = 0;
	if (!s->open(u, f))
		return false;
	if (u->ack.digest.p != NULL)
		bytes_copy(u->digest, u->ack.digest);	/* any ack of that notice is the same */
	else
		signed_digest(&u->encoded, 1, u->digest);
	if (!order_answered(u->t, BYTES(u->digest), u->out, &found, f))
		return false;
	if (found)
		return true;
	return read_switch(u, f) && is_due(u, s, f) && s->act(u, f) &&
	    order_keep(u->t, BYTES(u->digest), u->out, f);
}

bool
switch_take(struct tre *t, struct trust *anchors, const struct item *item, uint64_t now,
    struct answers *out, struct fault *f)
{
	struct turn u = { .t = t, .anchors = anchors, .encoded = item->bytes, .now = now, .out = out };

	for (size_t i = 0; i < COUNT(steps); i++)
		if (item_is(item, steps[i].object))
			return run(&u, &steps[i], f);
	return item_unwanted(item, "order/1, registration/1, delivery/1 or ack/1", f);
}

bool
switch_unacknowledged(struct tre *t, uint64_t now, struct answers *out, struct fault *f)
{
	struct turn u = { .t = t, .now = now, .out = out };
	char when[WHEN_LEN];
	bool found;

	if (!read_switch(&u, f) || !order_answered(t, BYTES(u.notice), out, &found, f))
		return false;
	if (found)
		return true;
	if (!is_due(&u, &(struct step){ .from = IN(SWITCH_DISCARDING) }, f))
		return false;
	if (now < u.since + u.wait)
		return fault_refuse(f, "too-early", NULL, "the ack is waited for until %s",
		    when_spell(u.since + u.wait, when));
	return finish(&u, (struct bytes){ 0 }, f) && order_keep(t, BYTES(u.notice), out, f);
}
