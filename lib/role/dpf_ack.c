/* SPDX-License-Identifier: Apache-2.0 */
#include "role/dpf_ack.h"

#include "crypto/digest.h"
#include "msg/ack.h"
#include "role/dpf.h"

bool
dpf_note(struct store *s, struct bytes nonce, struct bytes digest, struct fault *f)
{
	return store_run(s, f, NULL, "INSERT INTO reported(digest, nonce) VALUES(?1, ?2)"
	    " ON CONFLICT DO NOTHING", V_BYTES(digest), V_BYTES(nonce));
}

bool
dpf_noted(struct store *s, struct bytes digest, bool *noted, struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "SELECT 1 FROM reported WHERE digest = ?1", V_BYTES(digest)))
		return false;
	*noted = row.found;
	row_done(&row);
	return true;
}

static bool
acked_before(struct store *s, struct bytes digest, struct buf *out, bool *found, struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "SELECT ack FROM reported WHERE digest = ?1 AND ack IS NOT NULL",
	    V_BYTES(digest)))
		return false;
	*found = row_take(&row, out);
	return true;
}

bool
dpf_ack(struct store *s, const struct report *r, struct bytes encoded, const struct signer *us,
    uint64_t now, struct buf *out, struct fault *f)
{
	uint8_t digest[DIGEST_LEN];
	bool noted, found;

	signed_digest(&encoded, 1, digest);
	if (!dpf_noted(s, BYTES(digest), &noted, f))
		return false;
	if (!noted)
		return fault_refuse(f, "not-reported", NULL,
		    "was not passed on to the operator yet");
	if (!dpf_is_ours(s, r->nonce, us->cert.name, f) ||
	    !acked_before(s, BYTES(digest), out, &found, f))
		return false;
	if (found)
		return true;
	signed_encode(us, &dpf_ack_record, &(struct ack){
	    .by = text_of(us->cert.name), .pcid = r->pcid, .iat = now, .ueid = r->ueid,
	    .digest = BYTES(digest),
	}, out);
	return store_run(s, f, NULL, "UPDATE reported SET ack = ?2 WHERE digest = ?1"
	    " AND ack IS NULL", V_BYTES(BYTES(digest)), V_BYTES(buf_bytes(out)));
}
