/* SPDX-License-Identifier: Apache-2.0 */
#include "role/sho_ack.h"

#include "crypto/digest.h"
#include "msg/ack.h"
#include "role/icf.h"

bool
sho_hold(struct store *s, const struct mid *mid, struct text pcid, struct bytes ueid,
    struct fault *f)
{
	return store_run(s, f, NULL, "INSERT OR REPLACE INTO holder VALUES(?1, ?2, ?3, ?4)",
	    V_TEXT(mid->id), V_TEXT(mid_identity(mid)), V_TEXT(pcid), V_BYTES(ueid));
}

static bool
acked_before(struct store *s, struct bytes digest, struct buf *out, bool *found, struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "SELECT object FROM acked WHERE digest = ?1", V_BYTES(digest)))
		return false;
	*found = row_take(&row, out);
	return true;
}

static bool
is_holder(const struct row *row, const struct held *h, struct fault *f)
{
	if (!row->found)
		return fault_refuse(f, "unknown-mid", "mid", "was sealed for no device");
	if (!bytes_equal(h->ueid, h->plc_ueid) || !bytes_equal(row_bytes(row, 2), h->ueid))
		return fault_refuse(f, "wrong-device", "ueid", "is not who the MID was sealed for");
	return h->pcid.p == NULL || text_equal(row_text(row, 1), h->pcid) ||
	    fault_refuse(f, "wrong-pcid", "pcid", "is not the MID's");
}

bool
sho_holds(struct store *s, const char *object, const struct held *h, struct text *identity,
    struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "SELECT identity, pcid, ueid FROM holder WHERE mid = ?1",
	    V_TEXT(h->mid)))
		return false;
	if (!is_holder(&row, h, f)) {
		fault_inside(f, object);
		return false;
	}
	*identity = row_text(&row, 0);
	return true;
}

/* Only who holds it can give it up. */
static bool
release(struct store *s, const struct discard *d, struct bytes ueid, struct fault *f)
{
	struct text identity;

	return sho_holds(s, "discard", &(struct held){ d->mid, d->pcid, d->ueid, ueid }, &identity, f) &&
	    icf_set_state(s, identity, SUBSCRIPTION_QUARANTINED, f);
}

bool
sho_ack(struct store *s, const struct discard *d, struct bytes ueid, struct bytes encoded,
    const struct signer *us, uint64_t now, struct buf *out, struct fault *f)
{
	uint8_t digest[DIGEST_LEN];
	bool found;

	if (!text_is(d->sho, us->cert.name))
		return fault_refuse(f, "wrong-operator", "discard.sho", "is %.*s, not us", (int)d->sho.n,
		    d->sho.p);
	signed_digest(&encoded, 1, digest);
	if (!acked_before(s, BYTES(digest), out, &found, f))
		return false;
	if (found)
		return true;
	if (!signed_in_time("discard", d->iat, 0, now, f) || !release(s, d, ueid, f))
		return false;
	signed_encode(us, &ack_record, &(struct ack){
	    .by = d->sho, .pcid = d->pcid, .iat = now, .ueid = d->ueid, .digest = BYTES(digest),
	}, out);
	return store_run(s, f, NULL, "INSERT INTO acked VALUES(?1, ?2)", V_BYTES(BYTES(digest)),
	    V_BYTES(buf_bytes(out)));
}
