/* SPDX-License-Identifier: Apache-2.0 */
#include "role/sho_delete.h"

#include "role/sho.h"
#include "role/sho_ack.h"

/* The MID lies there: that device reported it, and we had it sealed for it. */
static bool
is_there(struct store *s, const struct report *r, struct bytes ueid, const char *us, uint64_t now,
    struct fault *f)
{
	struct text identity;

	if (!text_is(r->sho, us))
		return fault_refuse(f, "wrong-operator", "report.sho", "is %.*s, not us",
		    (int)r->sho.n, r->sho.p);
	if (r->result != RESULT_INSTALLED && r->result != RESULT_ACTIVATED)
		return fault_refuse(f, "wrong-result", "report.result",
		    "needs installed or activated, has %s", results.words[r->result - 1]);
	return signed_in_time("report", r->iat, 0, now, f) &&
	    sho_holds(s, "report", &(struct held){ r->mid, r->pcid, r->ueid, ueid }, &identity, f);
}

static bool
is_ours(struct store *s, const struct report *r, struct authorized *a, struct fault *f)
{
	return sho_authorized(s, r->nonce, a, f) &&
	    ((a->found && a->claims.scope == OPERATION_INSTALL) ||
	    fault_refuse(f, "not-authorized", "report.nonce",
	    "is of nothing that this ledger had installed"));
}

static bool
still_holds(struct store *s, struct bytes nonce, uint64_t now, struct buf *out, bool *found,
    struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "SELECT object FROM deletion WHERE nonce = ?1 AND expires > ?2",
	    V_BYTES(nonce), V_INT(now)))
		return false;
	*found = row_take(&row, out);
	return true;
}

bool
sho_delete(struct store *s, const struct report *r, struct bytes ueid, const struct signer *us,
    uint64_t now, uint64_t validity, struct buf *out, struct fault *f)
{
	struct authorization a = {
		.sho = r->sho, .pcid = r->pcid, .exp = signed_until(now, validity), .iat = now,
		.scope = OPERATION_DELETE, .nonce = r->nonce, .ueid = r->ueid, .mid = r->mid,
	};
	struct authorized installed;
	bool found;

	if (!is_there(s, r, ueid, us->cert.name, now, f) || !is_ours(s, r, &installed, f) ||
	    !still_holds(s, r->nonce, now, out, &found, f))
		return false;
	if (found)
		return true;
	a.aud = installed.claims.aud;
	signed_encode(us, &authorization_record, &a, out);
	return store_run(s, f, NULL, "INSERT OR REPLACE INTO deletion VALUES(?1, ?2, ?3)",
	    V_BYTES(r->nonce), V_INT(a.exp), V_BYTES(buf_bytes(out)));
}
