/* SPDX-License-Identifier: Apache-2.0 */
#include "role/withdraw.h"

#include "msg/package.h"
#include "role/receipt.h"
#include "role/switch.h"

/* To delete, in this device. */
static bool
is_to_us(const struct tre *t, const struct authorization *a, struct fault *f)
{
	struct tre_device d;

	if (a->scope != OPERATION_DELETE)
		return fault_refuse(f, "wrong-scope", "authorization.scope", "needs delete, has %s",
		    operations.words[a->scope - 1]);
	if (!tre_device(t, &d, f))
		return false;
	return bytes_equal(a->ueid, d.ueid) ||
	    fault_refuse(f, "wrong-device", "authorization.ueid", "is another device's");
}

/* It names the provisioning that brought the MID, in all its parts. */
static bool
fits(const struct tre *t, const struct authorization *a, const struct slot *s, struct fault *f)
{
	struct row row;
	bool same;

	if (!bytes_equal(a->nonce, BYTES(s->nonce)))
		return fault_refuse(f, "wrong-nonce", "authorization.nonce",
		    "is not what brought the MID");
	if (!text_is(a->pcid, s->pcid))
		return fault_refuse(f, "wrong-pcid", "authorization.pcid", "is not the MID's");
	if (!store_row(t->store, f, &row, "SELECT 1 FROM provisioning WHERE nonce = ?1"
	    " AND dpf = ?2", V_BYTES(a->nonce), V_TEXT(a->aud)))
		return false;
	same = row.found;
	row_done(&row);
	return same || fault_refuse(f, "wrong-dpf", "authorization.aud",
	    "is not who brought the MID");
}

static bool
erase(struct tre *t, const struct authorization *a, uint64_t now, struct buf *notice,
    struct fault *f)
{
	const struct order by_operator = { .what = ORDER_DELETE };
	struct slot s;

	return slot_find(t, a->sho, a->mid, &s, f) && fits(t, a, &s, f) &&
	    signed_in_time("authorization", a->iat, a->exp, now, f) &&
	    slot_may_delete(t, &s, MID_BY_SHO, f) && switch_lose(t, &s, f) &&
	    slot_way_back(t, &s, now, f) && slot_move(t, &s, MID_DISCARDED, f) &&
	    receipt_discard(t, &s, &by_operator, now, notice, f);
}

/* Authorised anew, because the notice was lost, a deletion is the same. */
static void
digest_deletion(const struct authorization *a, uint8_t digest[static DIGEST_LEN])
{
	digest_parts((struct bytes[]){ text_bytes(text_of(operations.words[OPERATION_DELETE - 1])),
	    text_bytes(a->sho), text_bytes(a->mid), a->nonce }, 4, digest);
}

static bool
withdraw(struct tre *t, struct trust *anchors, struct bytes encoded, uint64_t now,
    struct answers *out, struct fault *f)
{
	uint8_t digest[DIGEST_LEN];
	struct authorization a;
	bool found;

	for (size_t i = 0; i < ANSWERS; i++)
		out->one[i].n = 0;
	if (!signed_open(encoded, &authorization_record, anchors, now, &a, NULL, f) ||
	    !is_to_us(t, &a, f))
		return false;
	digest_deletion(&a, digest);
	if (!order_answered(t, BYTES(digest), out, &found, f))
		return false;
	return found || (erase(t, &a, now, &out->one[0], f) &&
	    order_keep(t, BYTES(digest), out, f));
}

bool
withdraw_take(const struct item *item, struct tre *t, uint64_t now, struct fault *f)
{
	static struct trust *anchors;
	static struct answers answers;

	if ((anchors == NULL && (anchors = tre_anchors(t, f)) == NULL) ||
	    !withdraw(t, anchors, item->bytes, now, &answers, f))
		return false;
	answers_put(&answers);
	return true;
}
