/* SPDX-License-Identifier: Apache-2.0 */
#include "role/us.h"

#include "crypto/digest.h"

/* What is wanted, whatever the time and the counter. */
static void
digest_wanted(const struct order *o, uint8_t digest[static DIGEST_LEN])
{
	static struct buf encoded;
	struct order wanted = *o;

	wanted.iat = wanted.exp = wanted.counter = 1;
	encoded.n = 0;
	record_encode(&order_claims_record, &wanted, &encoded);
	digest_sha256(buf_bytes(&encoded), digest);
}

/* The last order, when it is for the same. */
static bool
ordered_before(struct store *s, const struct order *o, struct bytes wanted, uint64_t now,
    struct buf *out, bool *found, struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "SELECT object FROM ordered WHERE owner = ?1 AND ueid = ?2"
	    " AND wanted = ?3 AND expires > ?4", V_TEXT(o->owner), V_BYTES(o->ueid), V_BYTES(wanted),
	    V_INT(now)))
		return false;
	*found = row_take(&row, out);
	return true;
}

static bool
next_counter(struct store *s, const struct order *o, uint64_t *counter, struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "INSERT INTO ordered(owner, ueid, last) VALUES(?1, ?2, 1)"
	    " ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last", V_TEXT(o->owner),
	    V_BYTES(o->ueid)))
		return false;
	*counter = row_int(&row, 0);
	row_done(&row);
	return true;
}

bool
us_order(struct store *s, const struct order *o, const struct signer *us, uint64_t now,
    uint64_t validity, struct buf *out, struct fault *f)
{
	struct order order = *o;
	uint8_t wanted[DIGEST_LEN];
	bool found;

	order.owner = text_of(us->cert.name);
	digest_wanted(&order, wanted);
	if (!ordered_before(s, &order, BYTES(wanted), now, out, &found, f))
		return false;
	if (found)
		return true;
	order.iat = now;
	order.exp = signed_until(now, validity);
	if (!next_counter(s, &order, &order.counter, f))
		return false;
	signed_encode(us, &order_record, &order, out);
	return store_run(s, f, NULL, "UPDATE ordered SET wanted = ?3, expires = ?4, object = ?5"
	    " WHERE owner = ?1 AND ueid = ?2", V_TEXT(order.owner), V_BYTES(order.ueid),
	    V_BYTES(BYTES(wanted)), V_INT(order.exp), V_BYTES(buf_bytes(out)));
}
