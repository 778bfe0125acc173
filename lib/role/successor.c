/* SPDX-License-Identifier: Apache-2.0 */
#include "role/successor.h"

#include "crypto/digest.h"
#include "crypto/secret.h"
#include "role/icf.h"
#include "role/mint.h"
#include "role/sho.h"
#include "role/sho_ack.h"
#include "wire/item.h"

/* --- made -------------------------------------------------------------------------- */

/* The one that was made, if there is one; of a MID that is withheld none is given to anybody. */
static bool
find(struct store *s, struct text identity, struct row *row, struct fault *f)
{
	return store_row(s, f, row, "SELECT s.object, i.state = 'quarantined' FROM successor s"
	    " JOIN identity i USING(identity) WHERE s.identity = ?1", V_TEXT(identity)) &&
	    (!row->found || row_int(row, 1) == 0 || icf_quarantined(identity, f));
}

static bool
made_before(struct store *s, struct text identity, struct buf *out, bool *found, struct fault *f)
{
	struct row row;

	if (!find(s, identity, &row, f))
		return false;
	*found = row_take(&row, out);
	return true;
}

/* The MID as it is now; only of one that a device may have. */
static bool
present(struct store *s, struct text identity, struct buf *object, struct mid *mid, struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "SELECT object, state,"
	    " EXISTS(SELECT 1 FROM holder WHERE identity = ?1) FROM identity WHERE identity = ?1",
	    V_TEXT(identity)))
		return false;
	if (!row.found)
		return icf_unknown(identity, f);
	if (row_int(&row, 2) == 0)
		return fault_refuse(f, "unknown-mid", NULL, "%.*s was sealed for no device",
		    (int)identity.n, identity.p);
	if (text_is(row_text(&row, 1), "quarantined"))
		return icf_quarantined(identity, f);
	row_take(&row, object);
	return record_decode(&mid_record, mid, buf_bytes(object), f) ||
	    fault_world(f, NULL, "ledger: %.*s is damaged", (int)identity.n, identity.p);
}

static bool
draw(struct mid *mid, bool allow_test_keys, struct vector *v, struct fault *f)
{
	static uint8_t *secret;
	struct credential *c = mid->usim.imsi.p != NULL ? &mid->usim.credential :
	    &mid->isim.credential;

	if (secret == NULL)
		secret = secret_new(CREDENTIAL_SECRET);
	credential_draw(c, c->k.n, secret);
	if (!credential_is_secret(c, allow_test_keys, f))
		return false;
	mint_trial(c, v, &mid->trial);
	return true;
}

bool
successor_make(struct store *s, struct text identity, bool allow_test_keys, struct buf *out,
    struct fault *f)
{
	static struct buf object;
	uint8_t content[DIGEST_LEN];
	struct vector v;
	struct mid mid;
	bool ok, found;

	if (!made_before(s, identity, out, &found, f))
		return false;
	if (found)
		return true;
	object.n = 0;
	ok = present(s, identity, &object, &mid, f) && draw(&mid, allow_test_keys, &v, f);
	if (ok)
		record_encode(&mid_record, &mid, out);
	buf_wipe(&object);
	secret_wipe(&v, sizeof v);
	digest_sha256(buf_bytes(out), content);
	return ok && store_run(s, f, NULL, "INSERT INTO successor VALUES(?1, ?2, ?3)",
	    V_TEXT(identity), V_BYTES(buf_bytes(out)), V_BYTES(BYTES(content)));
}

bool
successor_is(struct store *s, struct text identity, struct bytes encoded, struct fault *f)
{
	struct row row;
	bool same;

	if (!find(s, identity, &row, f))
		return false;
	if (!row.found)
		return fault_refuse(f, "unknown-identity", NULL,
		    "%.*s has no new credential in the ledger", (int)identity.n, identity.p);
	same = secret_equal(row_bytes(&row, 0), encoded);
	row_done(&row);
	return same || fault_refuse(f, "already-known", NULL,
	    "%.*s has another new credential in the ledger", (int)identity.n, identity.p);
}

/* --- reported ---------------------------------------------------------------------- */

/* What the package held that came by that registration. */
static bool
sealed_under(struct store *s, struct bytes nonce, uint8_t content[static DIGEST_LEN],
    struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "SELECT content FROM successor_package WHERE asked = ?1",
	    V_BYTES(nonce)))
		return false;
	if (!row.found)
		return fault_refuse(f, "unknown-nonce", "report.nonce",
		    "is of no new credential in this ledger");
	bytes_copy(content, row_bytes(&row, 0));
	row_done(&row);
	return true;
}

/* Under the PCID that the device had then: it may be another than the MID came under. */
static bool
is_registrations(struct store *s, const struct report *r, struct fault *f)
{
	struct authorized a;

	return sho_authorized(s, r->nonce, &a, f) &&
	    ((a.found && text_equal(a.claims.pcid, r->pcid)) ||
	    fault_refuse(f, "wrong-pcid", "report.pcid", "is not the registration's"));
}

/* Its operator's, and the SQN it starts with. */
static bool
read_successor(const struct report *r, struct bytes object, uint64_t *seq, struct fault *f)
{
	struct mid mid;

	if (!record_decode(&mid_record, &mid, object, f))
		return fault_world(f, NULL, "the ledger's new credential is damaged");
	*seq = mid_credential(&mid)->sqn >> credential_ind_bits(mid_credential(&mid));
	if (!text_equal(mid.id, r->mid))
		return fault_refuse(f, "wrong-mid", "report.mid", "is not what was sealed");
	return text_equal(mid.sho, r->sho) ||
	    fault_refuse(f, "wrong-operator", "report.sho", "is not the MID's");
}

/* When the successor of that content is not there any more, it has succeeded before. */
static bool
succeed(struct store *s, const struct report *r, struct text identity, struct bytes content,
    struct fault *f)
{
	static struct buf object;
	struct row row;
	uint64_t seq = 0;
	bool ok;

	if (!store_row(s, f, &row, "SELECT object FROM successor WHERE identity = ?1"
	    " AND content = ?2", V_TEXT(identity), V_BYTES(content)))
		return false;
	object.n = 0;
	if (!row_take(&row, &object))
		return true;
	ok = read_successor(r, buf_bytes(&object), &seq, f) &&
	    store_run(s, f, NULL, "UPDATE identity SET object = ?2, seq = max(seq, ?3)"
	    " WHERE identity = ?1", V_TEXT(identity), V_BYTES(buf_bytes(&object)), V_INT(seq)) &&
	    store_run(s, f, NULL, "DELETE FROM successor WHERE identity = ?1", V_TEXT(identity));
	buf_wipe(&object);
	return ok;
}

bool
successor_report(struct store *s, const struct report *r, struct bytes ueid, uint64_t now,
    struct fault *f)
{
	uint8_t content[DIGEST_LEN];
	struct text identity;

	if (r->result != RESULT_UPDATED)
		return fault_refuse(f, "wrong-result", "report.result", "needs updated, has %s",
		    results.words[r->result - 1]);
	return signed_in_time("report", r->iat, 0, now, f) &&
	    sho_holds(s, "report", &(struct held){ .mid = r->mid, .ueid = r->ueid,
		.plc_ueid = ueid }, &identity, f) &&
	    sealed_under(s, r->nonce, content, f) && is_registrations(s, r, f) &&
	    succeed(s, r, identity, BYTES(content), f);
}
