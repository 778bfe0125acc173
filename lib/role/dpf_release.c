/* SPDX-License-Identifier: Apache-2.0 */
#include "role/dpf_release.h"

#include "crypto/digest.h"
#include "msg/ack.h"
#include "msg/release.h"
#include "role/dpf_ack.h"

/* It is of another operator than the new one, for this device. */
static bool
ack_holds(const struct report *r, struct trust *anchors, uint64_t now, struct fault *f)
{
	struct ack a;

	if (r->ack.p == NULL)
		return true;
	if (!signed_open(r->ack, &ack_record, anchors, now, &a, NULL, f)) {
		fault_inside(f, "report");
		return false;
	}
	if (text_equal(a.by, r->sho))
		return fault_refuse(f, "wrong-operator", "report.ack.by", "is the new operator");
	return bytes_equal(a.ueid, r->ueid) ||
	    fault_refuse(f, "wrong-device", "report.ack.ueid", "is not the report's");
}

static bool
released_before(struct store *s, struct bytes nonce, struct bytes digest, struct buf *out,
    bool *found, struct fault *f)
{
	struct row row;
	bool same;

	if (!store_row(s, f, &row, "SELECT digest, object FROM released WHERE nonce = ?1",
	    V_BYTES(nonce)))
		return false;
	if (!(*found = row.found))
		return true;
	if ((same = bytes_equal(row_bytes(&row, 0), digest)))
		buf_add(out, row_bytes(&row, 1));
	row_done(&row);
	return same || fault_refuse(f, "already-reported", "report.nonce",
	    "the device was released before, by another report");
}

bool
dpf_release(struct store *s, const struct report *r, struct bytes ueid, struct bytes encoded,
    struct trust *anchors, const struct signer *us, uint64_t now, struct buf *out, struct fault *f)
{
	uint8_t digest[DIGEST_LEN];
	bool found;

	signed_digest(&encoded, 1, digest);
	if (!dpf_delivered(s, r, ueid, f) || !dpf_is_ours(s, r->nonce, us->cert.name, f) ||
	    !ack_holds(r, anchors, now, f) ||
	    !released_before(s, r->nonce, BYTES(digest), out, &found, f))
		return false;
	if (found)
		return true;
	signed_encode(us, &release_record, &(struct release){
	    .dpf = text_of(us->cert.name), .pcid = r->pcid, .sho = r->sho, .iat = now, .nonce = r->nonce,
	}, out);
	return dpf_note(s, r->nonce, BYTES(digest), f) &&
	    store_run(s, f, NULL, "INSERT INTO released VALUES(?1, ?2, ?3)", V_BYTES(r->nonce),
		V_BYTES(BYTES(digest)), V_BYTES(buf_bytes(out)));
}
