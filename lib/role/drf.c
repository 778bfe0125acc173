/* SPDX-License-Identifier: Apache-2.0 */
#include "role/drf.h"

#include "crypto/digest.h"
#include "crypto/random.h"
#include "msg/claims.h"
#include "role/icf.h"

bool
drf_share(struct store *s, struct text pcid, struct fault *f)
{
	return store_run(s, f, NULL, "WITH RECURSIVE own(pcid) AS ("
	    "  SELECT ?1"
	    "  UNION SELECT w.renewed FROM renewal w JOIN own USING(pcid)"
	    "  UNION SELECT w.pcid FROM renewal w JOIN own ON w.renewed = own.pcid)"
	    " INSERT OR REPLACE INTO drf SELECT own.pcid, sho, sho_address, dpf, dpf_address, pva,"
	    "  pva_address, since FROM drf e, own WHERE e.prefix = ?1 AND own.pcid <> ?1"
	    "  AND NOT EXISTS(SELECT 1 FROM device d JOIN device o WHERE d.pcid = ?1"
	    "   AND o.pcid = own.pcid AND o.ueid <> d.ueid)"
	    "  AND NOT EXISTS(SELECT 1 FROM drf WHERE prefix = own.pcid AND since > e.since)",
	    V_TEXT(pcid));
}

bool
drf_set(struct store *s, const struct drf_entry *e, struct fault *f)
{
	return store_run(s, f, NULL,
	    "INSERT OR REPLACE INTO drf VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", V_TEXT(e->prefix),
	    V_TEXT(e->sho), V_TEXT(e->sho_address), V_TEXT(e->dpf), V_TEXT(e->dpf_address),
	    V_TEXT(e->pva), V_TEXT(e->pva_address), V_INT(e->since)) &&
	    drf_share(s, e->prefix, f);
}

bool
drf_is_live(struct store *s, struct text pcid, uint64_t now, struct fault *f)
{
	struct subscription sub;

	if (!icf_subscription(s, pcid, now, &sub, f))
		return false;
	if (sub.state == SUBSCRIPTION_LIVE)
		return true;
	return fault_refuse(f, subscription_states.words[sub.state - 1], NULL, "%.*s is %s",
	    (int)pcid.n, pcid.p, subscription_states.words[sub.state - 1]);
}

bool
drf_resolve(struct store *s, const struct attach_request *a, bool renew, const struct signer *ro,
    uint64_t now, uint64_t validity, struct referral *out, struct fault *f)
{
	struct row row;

	if (a->ueid.p == NULL)
		return fault_request(f, "attach-request.ueid", "is missing");
	if (!drf_is_live(s, a->identity, now, f) ||
	    !store_row(s, f, &row, "SELECT sho, sho_address, dpf, dpf_address, pva, pva_address FROM drf"
	    " WHERE prefix = substr(?1, 1, length(prefix)) ORDER BY length(prefix) DESC LIMIT 1",
	    V_TEXT(a->identity)))
		return false;
	if (!row.found)
		return fault_refuse(f, "no-operator", NULL, "no operator is set for %.*s",
		    (int)a->identity.n, a->identity.p);
	*out = (struct referral){
		.ro = text_of(ro->cert.name), .pcid = a->identity, .exp = signed_until(now, validity), .iat = now,
		.ueid = a->ueid,
		.sho = row_text(&row, 0), .sho_address = row_text(&row, 1),
		.dpf = row_text(&row, 2), .dpf_address = row_text(&row, 3),
		.pva = row_text(&row, 4), .pva_address = row_text(&row, 5),
	};
	if (renew) {
		out->sho = out->ro;
		out->sho_address = (struct text){ 0 };
	}
	return true;
}

bool
drf_is_free(struct store *s, struct text pcid, struct bytes ueid, const char *where, struct fault *f)
{
	struct row row;
	bool fits;

	if (!store_row(s, f, &row, "SELECT ueid FROM device WHERE pcid = ?1", V_TEXT(pcid)))
		return false;
	fits = !row.found || bytes_equal(row_bytes(&row, 0), ueid);
	row_done(&row);
	return fits || fault_refuse(f, "other-device", where, "%.*s belongs to another device",
	    (int)pcid.n, pcid.p);
}

bool
drf_bind_device(struct store *s, struct text pcid, struct bytes ueid, const char *where, struct fault *f)
{
	return drf_is_free(s, pcid, ueid, where, f) && store_run(s, f, NULL,
	    "INSERT INTO device VALUES(?1, ?2) ON CONFLICT DO NOTHING", V_TEXT(pcid), V_BYTES(ueid));
}

static bool
registered_before(struct store *s, struct bytes digest, struct buf *out, bool *found, struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "SELECT registration FROM registration WHERE referral = ?1",
	    V_BYTES(digest)))
		return false;
	*found = row_take(&row, out);
	return true;
}

bool
drf_register(struct store *s, const struct referral *r, struct bytes encoded, const struct signer *ro,
    uint64_t now, uint64_t validity, struct buf *out, struct fault *f)
{
	uint8_t nonce[NONCE_BYTES], digest[DIGEST_LEN];
	struct registration g = {
		.ro = text_of(ro->cert.name), .pcid = r->pcid, .sho = r->sho, .exp = signed_until(now, validity),
		.iat = now, .nonce = BYTES(nonce), .ueid = r->ueid, .dpf = r->dpf, .pva = r->pva,
	};
	bool found;

	if (!text_is(r->ro, ro->cert.name))
		return fault_refuse(f, "wrong-operator", "referral.ro", "is %.*s, not us", (int)r->ro.n,
		    r->ro.p);
	signed_digest(&encoded, 1, digest);
	if (!registered_before(s, BYTES(digest), out, &found, f))
		return false;
	if (found)
		return true;
	if (!signed_in_time("referral", r->iat, r->exp, now, f) || !drf_is_live(s, r->pcid, now, f) ||
	    !drf_is_free(s, r->pcid, r->ueid, "referral.ueid", f))
		return false;
	random_bytes(nonce, sizeof nonce);
	signed_encode(ro, &registration_record, &g, out);
	return store_run(s, f, NULL, "INSERT INTO registration(nonce, referral, pcid, ueid, sho, dpf,"
	    " expires, state, registration, sho_address, dpf_address, pva, pva_address)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 'registered', ?8, ?9, ?10, ?11, ?12)",
	    V_BYTES(g.nonce), V_BYTES(BYTES(digest)), V_TEXT(g.pcid), V_BYTES(g.ueid), V_TEXT(g.sho),
	    V_TEXT(g.dpf), V_INT(g.exp), V_BYTES(buf_bytes(out)), V_TEXT(r->sho_address),
	    V_TEXT(r->dpf_address), V_TEXT(r->pva), V_TEXT(r->pva_address));
}

bool
drf_follow(struct store *s, struct text pcid, struct bytes nonce, uint64_t since, struct fault *f)
{
	return store_run(s, f, NULL, "INSERT OR REPLACE INTO drf SELECT pcid, sho, sho_address,"
	    " dpf, dpf_address, pva, pva_address, ?2 FROM registration r WHERE nonce = ?1"
	    " AND pva IS NOT NULL"
	    " AND NOT EXISTS(SELECT 1 FROM drf WHERE prefix = r.pcid AND since > ?2)",
	    V_BYTES(nonce), V_INT(since)) && drf_share(s, pcid, f);
}
