/* SPDX-License-Identifier: Apache-2.0 */
#include "role/order.h"

#include "role/receipt.h"
#include "role/slot.h"
#include "role/switch.h"
#include "wire/stream.h"

/* --- answers ----------------------------------------------------------------------- */

void
answers_put(const struct answers *a)
{
	for (size_t i = 0; i < ANSWERS; i++)
		if (a->one[i].n > 0)
			stream_put_encoded(buf_bytes(&a->one[i]));
}

bool
order_answered(const struct tre *t, struct bytes digest, struct answers *out, bool *found,
    struct fault *f)
{
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT first, second FROM obeyed WHERE digest = ?1",
	    V_BYTES(digest)))
		return false;
	*found = row.found;
	for (int i = 0; row.found && i < ANSWERS; i++)
		buf_add(&out->one[i], row_bytes(&row, i));
	row_done(&row);
	return true;
}

bool
order_keep(const struct tre *t, struct bytes digest, const struct answers *a, struct fault *f)
{
	struct bytes second = buf_bytes(&a->one[1]);

	return store_run(t->store, f, NULL,
	    "INSERT INTO obeyed(digest, first, second) VALUES(?1, ?2, ?3)", V_BYTES(digest),
	    V_BYTES(buf_bytes(&a->one[0])),
	    V_BYTES(second.n > 0 ? second : (struct bytes){ 0 })) &&
	    store_run(t->store, f, NULL, "DELETE FROM obeyed WHERE position <="
	    " (SELECT max(position) FROM obeyed) - ?1", V_INT(OBEYED_MAX));
}

/* --- who orders, and whom ------------------------------------------------------------ */

static bool
is_from_owner(const struct tre *t, const struct order *o, struct fault *f)
{
	struct row row;
	bool same;

	if (!store_row(t->store, f, &row, "SELECT name FROM owner"))
		return false;
	if (!row.found)
		return fault_refuse(f, "no-owner", NULL, "the TRE has no owner; see tre-load");
	same = text_equal(row_text(&row, 0), o->owner);
	row_done(&row);
	return same || fault_refuse(f, "wrong-owner", "order.owner", "is %.*s, not this device's",
	    (int)o->owner.n, o->owner.p);
}

bool
order_open(struct tre *t, struct trust *anchors, struct bytes encoded, uint64_t what, uint64_t now,
    struct order *o, struct fault *f)
{
	struct tre_device d;

	if (!signed_open(encoded, &order_record, anchors, now, o, NULL, f) || !is_from_owner(t, o, f) ||
	    !tre_device(t, &d, f))
		return false;
	if (!bytes_equal(o->ueid, d.ueid))
		return fault_refuse(f, "wrong-device", "order.ueid", "is another device's");
	return o->what == what || fault_refuse(f, "wrong-order", "order.what", "needs %s, has %s",
	    orders.words[what - 1], orders.words[o->what - 1]);
}

bool
order_count(const struct tre *t, const struct order *o, uint64_t now, struct fault *f)
{
	uint64_t changed;

	if (!signed_in_time("order", o->iat, o->exp, now, f) ||
	    !store_run(t->store, f, &changed, "UPDATE owner SET last = ?1 WHERE last < ?1",
	    V_INT(o->counter)))
		return false;
	return changed == 1 || fault_refuse(f, "old-counter", "order.counter",
	    "is not above that of the last order obeyed");
}

/* --- what is ordered ------------------------------------------------------------------- */

/* The active one makes room: at most one is active, at every instant. */
static bool
retire(struct tre *t, const struct order *o, uint64_t now, struct buf *notice, struct fault *f)
{
	struct slot former;
	bool found;

	if (!slot_active(t, &former, &found, f))
		return false;
	if (!found)
		return true;
	if (o->former != FORMER_DISCARDED)
		return slot_move(t, &former, MID_INACTIVE, f);
	return slot_may_replace(t, &former, f) && slot_move(t, &former, MID_DISCARDED, f) &&
	    receipt_discard(t, &former, o, now, notice, f);
}

static bool
activate(struct tre *t, const struct order *o, uint64_t now, struct answers *out, struct fault *f)
{
	struct slot s;

	if (!slot_find(t, o->sho, o->mid, &s, f) || !slot_in_time(&s, now, f))
		return false;
	if (s.state == MID_ACTIVE)
		return slot_move(t, &s, MID_ACTIVE, f);
	return (!s.usim || retire(t, o, now, &out->one[1], f)) && slot_move(t, &s, MID_ACTIVE, f) &&
	    receipt_report(t, &s, RESULT_ACTIVATED, now, &out->one[0], f);
}

static bool
discard(struct tre *t, const struct order *o, uint64_t now, struct answers *out, struct fault *f)
{
	struct slot s;

	return slot_find(t, o->sho, o->mid, &s, f) && slot_may_delete(t, &s, MID_BY_OWNER, f) &&
	    slot_way_back(t, &s, now, f) &&
	    slot_move(t, &s, MID_DISCARDED, f) && receipt_discard(t, &s, o, now, &out->one[0], f);
}

static bool
obey(struct tre *t, struct trust *anchors, struct bytes encoded, uint64_t what, uint64_t now,
    struct answers *out, struct fault *f)
{
	uint8_t digest[DIGEST_LEN];
	struct order o;
	bool found;

	for (size_t i = 0; i < ANSWERS; i++)
		out->one[i].n = 0;
	if (!order_open(t, anchors, encoded, what, now, &o, f))
		return false;
	signed_digest(&encoded, 1, digest);
	if (!order_answered(t, BYTES(digest), out, &found, f))
		return false;
	if (found)
		return true;
	return order_count(t, &o, now, f) && switch_give_way(t, f) &&
	    (what == ORDER_ACTIVATE ? activate(t, &o, now, out, f) : discard(t, &o, now, out, f)) &&
	    order_keep(t, BYTES(digest), out, f);
}

bool
order_take(const struct item *item, struct tre *t, uint64_t what, uint64_t now, struct fault *f)
{
	static struct trust *anchors;
	static struct answers answers;

	if (!item_is(item, &order_record))
		return item_unwanted(item, order_record.type, f);
	if ((anchors == NULL && (anchors = tre_anchors(t, f)) == NULL) ||
	    !obey(t, anchors, item->bytes, what, now, &answers, f))
		return false;
	answers_put(&answers);
	return true;
}
