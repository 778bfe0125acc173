/* SPDX-License-Identifier: Apache-2.0 */
#include "role/ro_renew.h"

#include "msg/pcid_package.h"
#include "role/drf.h"
#include "role/icf.h"

static bool
answered_before(struct store *s, const struct sho_case *c, struct bytes digest, struct buf *out,
    bool *found, struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "SELECT delivery FROM registration WHERE nonce = ?1 AND asked = ?2",
	    V_BYTES(c->registration.nonce), V_BYTES(digest)))
		return false;
	*found = row_take(&row, out);
	return true;
}

/* --- whether it may be ---------------------------------------------------------------- */

/* The old one lives, and both are this device's. */
static bool
may_renew(struct store *s, const struct sho_case *c, const struct pcid *new, const char *us,
    uint64_t now, struct fault *f)
{
	const struct registration *r = &c->registration;

	if (!text_is(r->ro, us))
		return fault_refuse(f, "wrong-operator", "registration.ro", "is %.*s, not us", (int)r->ro.n,
		    r->ro.p);
	if (!text_is(new->ro, us))
		return fault_refuse(f, "wrong-operator", "pcid.ro", "is %.*s, not us", (int)new->ro.n,
		    new->ro.p);
	if (new->not_after != 0 && new->not_after <= now)
		return fault_refuse(f, "expired", "pcid.not_after", "has passed");
	return sho_may_provision(c, us, now, f) && drf_is_live(s, r->pcid, now, f) &&
	    drf_is_free(s, r->pcid, r->ueid, "registration.ueid", f);
}

/* A PCID takes the place of another once, and is not one that was replaced. */
static bool
note_renewal(struct store *s, const struct registration *r, struct text new, struct fault *f)
{
	uint64_t added;

	if (!store_run(s, f, &added, "INSERT INTO renewal SELECT ?1, ?2, ?3"
	    " WHERE ?3 <> ?2 AND NOT EXISTS(SELECT 1 FROM renewal WHERE pcid = ?3)"
	    " ON CONFLICT(renewed) DO NOTHING", V_BYTES(r->nonce), V_TEXT(r->pcid), V_TEXT(new)))
		return false;
	return added == 1 || fault_refuse(f, "pcid-used", "pcid.pcid", "%.*s was in use before",
	    (int)new.n, new.p);
}

/* --- the registration ----------------------------------------------------------------- */

/* Once, as if the DPF had delivered for it: the report that follows is taken by dpf_report(). */
static bool
take_registration(struct store *s, const struct pcid_package *p, struct bytes digest,
    struct fault *f)
{
	uint64_t changed;
	struct row row;

	if (!store_run(s, f, &changed, "UPDATE registration SET state = 'delivered', asked = ?2,"
	    " mid = ?3, counter = ?4 WHERE nonce = ?1 AND state = 'registered'", V_BYTES(p->nonce),
	    V_BYTES(digest), V_TEXT(p->new_pcid), V_INT(p->counter)))
		return false;
	if (changed == 1)
		return true;
	if (!store_row(s, f, &row, "SELECT 1 FROM registration WHERE nonce = ?1", V_BYTES(p->nonce)))
		return false;
	if (!row.found)
		return fault_refuse(f, "unknown-nonce", "registration.nonce",
		    "is of no registration in this ledger");
	row_done(&row);
	return fault_refuse(f, "nonce-used", "registration.nonce", "was answered for other content");
}

static bool
keep_package(struct store *s, struct bytes nonce, struct bytes encoded, struct fault *f)
{
	return store_run(s, f, NULL, "UPDATE registration SET delivery = ?2 WHERE nonce = ?1",
	    V_BYTES(nonce), V_BYTES(encoded));
}

/* --- the new one ------------------------------------------------------------------------ */

/* It must answer before the device has it, and lead where the old one leads. */
static bool
make_ready(struct store *s, const struct registration *r, const struct pcid *new,
    struct bytes encoded, struct fault *f)
{
	return icf_holds(s, new->pcid, encoded, f) &&
	    drf_bind_device(s, new->pcid, r->ueid, "pcid.pcid", f) &&
	    note_renewal(s, r, new->pcid, f) && icf_activate(s, new->pcid, f) &&
	    drf_share(s, r->pcid, f);
}

static bool
seal(const struct sho_case *c, struct pcid_package *p, struct bytes plain, const struct signer *us,
    struct buf *out, struct fault *f)
{
	static struct buf header, sealed;
	const struct cose_key *to = &c->verdict.cnf.key;
	EVP_PKEY *key = key_from_point(to->x, to->y);
	uint8_t thumbprint[DIGEST_LEN];

	if (key == NULL)
		return fault_request(f, "verdict.cnf.key", "is no point of the curve");
	cose_thumbprint(to, thumbprint);
	p->key = BYTES(thumbprint);
	header.n = sealed.n = 0;
	pcid_package_header(p, &header);
	cose_encrypt(key, buf_bytes(&header), plain, &sealed);
	p->sealed = buf_bytes(&sealed);
	signed_encode(us, &pcid_package_record, p, out);
	key_free(key);
	return true;
}

bool
ro_renew(struct store *s, const struct sho_case *c, const struct pcid *new,
    struct bytes encoded_pcid, const struct signer *us, uint64_t now, uint64_t validity,
    struct buf *out, struct fault *f)
{
	const struct registration *r = &c->registration;
	struct pcid_package p = {
		.ro = r->ro, .pcid = r->pcid, .exp = signed_until(now, validity), .iat = now,
		.nonce = r->nonce, .ueid = r->ueid, .new_pcid = new->pcid,
	};
	uint8_t digest[DIGEST_LEN];
	bool found;

	digest_parts((struct bytes[]){ BYTES(c->digest), encoded_pcid }, 2, digest);
	if (!answered_before(s, c, BYTES(digest), out, &found, f))
		return false;
	if (found)
		return true;
	return may_renew(s, c, new, us->cert.name, now, f) &&
	    sho_next_counter(s, r->pcid, &p.counter, f) &&
	    take_registration(s, &p, BYTES(digest), f) && make_ready(s, r, new, encoded_pcid, f) &&
	    seal(c, &p, encoded_pcid, us, out, f) && keep_package(s, r->nonce, buf_bytes(out), f);
}

/* --- once it has been used ------------------------------------------------------------- */

bool
ro_is_renewal(struct store *s, struct bytes nonce, bool *yes, struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "SELECT 1 FROM renewal WHERE nonce = ?1", V_BYTES(nonce)))
		return false;
	*yes = row.found;
	row_done(&row);
	return true;
}

bool
ro_renewed(struct store *s, struct bytes nonce, uint64_t now, struct fault *f)
{
	/* All whose place it took, one after the other, and others that were meant to. */
	return store_run(s, f, NULL, "WITH RECURSIVE former(pcid) AS ("
	    "  SELECT pcid FROM renewal WHERE nonce = ?1"
	    "  UNION SELECT r.pcid FROM renewal r JOIN former ON r.renewed = former.pcid)"
	    " UPDATE identity SET not_after = ?2 WHERE (not_after = 0 OR not_after > ?2)"
	    " AND identity IN (SELECT pcid FROM former"
	    "  UNION SELECT renewed FROM renewal JOIN former USING(pcid) WHERE nonce <> ?1)",
	    V_BYTES(nonce), V_INT(now));
}
