/* SPDX-License-Identifier: Apache-2.0 */
#include "role/dpf.h"

#include "msg/envelope.h"
#include "role/appraisal.h"
#include "role/dpf_ack.h"
#include "role/drf.h"
#include "role/ro_renew.h"

/* The two objects agree with each other and with us. */
static bool
bindings_hold(const struct dpf_case *c, const char *us, uint64_t now, struct fault *f)
{
	const struct authorization *a = &c->authorization;
	const struct mid_package *p = &c->package;

	if (!text_is(a->aud, us))
		return fault_refuse(f, "wrong-dpf", "authorization.aud", "is %.*s, not us", (int)a->aud.n,
		    a->aud.p);
	if (a->scope == OPERATION_DELETE)
		return fault_refuse(f, "wrong-scope", "authorization.scope",
		    "needs install or update, has delete");
	if (!text_equal(p->sho, a->sho))
		return fault_refuse(f, "wrong-operator", "mid-package.sho", "is not the authorization's");
	if (!text_equal(p->pcid, a->pcid))
		return fault_refuse(f, "wrong-pcid", "mid-package.pcid", "is not the authorization's");
	if (p->nonce.p != NULL && !bytes_equal(p->nonce, a->nonce))
		return fault_refuse(f, "wrong-nonce", "mid-package.nonce", "is not the authorization's");
	return signed_in_time("authorization", a->iat, a->exp, now, f) &&
	    signed_in_time("mid-package", p->iat, p->exp, now, f);
}

/* The verdict of now, for what was sealed before there was one. */
static bool
verdict_fits(const struct dpf_case *c, struct bytes encoded_registration, uint64_t now,
    struct fault *f)
{
	uint8_t thumbprint[DIGEST_LEN];
	struct registration r;
	struct cose_sign1 o;

	if (c->verdict.eat_nonce.p == NULL)
		return c->package.nonce.p != NULL ||
		    fault_request(f, NULL, "needs a verdict before a mid-package that was prepared ahead"
			" of time");
	if (!record_decode(&registration_record, &o, encoded_registration, f) ||
	    !record_decode(&registration_claims_record, &r, o.payload, f))
		return fault_world(f, NULL, "the ledger's registration is damaged");
	if (!appraisal_holds(&r, &c->verdict, now, f))
		return false;
	cose_thumbprint(&c->verdict.cnf.key, thumbprint);
	return (c->package.nonce.p != NULL && c->package.key.p == NULL) ||
	    bytes_equal(c->package.key, BYTES(thumbprint)) ||
	    fault_refuse(f, "wrong-key", "mid-package.key", "is not the verdict's");
}

static bool
registration_fits(const struct row *row, const struct authorization *a, const char *us, uint64_t now,
    struct fault *f)
{
	if (!text_equal(row_text(row, 0), a->pcid))
		return fault_refuse(f, "wrong-pcid", "authorization.pcid", "is not the registration's");
	if (!text_equal(row_text(row, 1), a->sho))
		return fault_refuse(f, "wrong-operator", "authorization.sho", "is not the registration's");
	if (!text_is(row_text(row, 2), us))
		return fault_refuse(f, "wrong-dpf", "authorization.aud", "is not the registration's");
	return signed_in_time("registration", 0, row_int(row, 3), now, f);
}

/* Fault for a nonce that nobody registered here. */
static bool
unknown_nonce(const char *where, struct fault *f)
{
	return fault_refuse(f, "unknown-nonce", where, "is of no registration in this ledger");
}

/*
 * Since it registered, the PCID may have been withheld, or another may have proved that it is its own:
 * this one is a copy then.
 */
static bool
may_have_it(struct store *s, struct text pcid, struct bytes ueid, uint64_t now, struct fault *f)
{
	return drf_is_live(s, pcid, now, f) && drf_is_free(s, pcid, ueid, "authorization.pcid", f);
}

/* What these very objects were answered with before: whoever asks again, however late. */
static bool
delivered_before(struct store *s, const struct dpf_case *c, struct bytes digest, uint64_t now,
    struct buf *out, bool *found, struct fault *f)
{
	struct row row;
	bool ok;

	if (!store_row(s, f, &row, "SELECT delivery, pcid, ueid FROM registration WHERE nonce = ?1"
	    " AND asked = ?2", V_BYTES(c->authorization.nonce), V_BYTES(digest)))
		return false;
	if (!(*found = row.found))
		return true;
	if ((ok = may_have_it(s, row_text(&row, 1), row_bytes(&row, 2), now, f)))
		buf_add(out, row_bytes(&row, 0));
	row_done(&row);
	return ok;
}

static bool
is_registered(struct store *s, const struct dpf_case *c, const char *us, uint64_t now,
    struct fault *f)
{
	const struct authorization *a = &c->authorization;
	struct row row;
	bool ok;

	if (!store_row(s, f, &row, "SELECT pcid, sho, dpf, expires, ueid, registration FROM registration"
	    " WHERE nonce = ?1", V_BYTES(a->nonce)))
		return false;
	if (!row.found)
		return unknown_nonce("authorization.nonce", f);
	ok = registration_fits(&row, a, us, now, f) &&
	    may_have_it(s, row_text(&row, 0), row_bytes(&row, 4), now, f) &&
	    verdict_fits(c, row_bytes(&row, 5), now, f);
	row_done(&row);
	return ok;
}

bool
dpf_deliver(struct store *s, const struct dpf_case *c, const struct signer *us, uint64_t now,
    struct buf *out, struct fault *f)
{
	const struct mid_package *p = &c->package;
	bool cms = envelope_is_cms(c->encoded_package), found;
	uint8_t digest[DIGEST_LEN];
	uint64_t changed;

	digest_parts((struct bytes[]){ signed_part(c->encoded_authorization),
	    envelope_part(c->encoded_package) }, 2, digest);
	if (!delivered_before(s, c, BYTES(digest), now, out, &found, f))
		return false;
	if (found)
		return true;
	if (!bindings_hold(c, us->cert.name, now, f) ||
	    !is_registered(s, c, us->cert.name, now, f))
		return false;
	signed_encode(us, &delivery_record, &(struct delivery){
	    .dpf = text_of(us->cert.name), .pcid = p->pcid, .iat = now,
	    .nonce = c->authorization.nonce,
	    .operation = c->authorization.scope, .authorization = c->encoded_authorization,
	    .package = cms ? (struct bytes){ 0 } : c->encoded_package,
	    .cms = cms ? c->encoded_package : (struct bytes){ 0 },
	}, out);
	if (!store_run(s, f, &changed, "UPDATE registration SET state = 'delivered', asked = ?2,"
	    " delivery = ?3, mid = ?4, counter = ?5 WHERE nonce = ?1 AND state = 'registered'",
	    V_BYTES(c->authorization.nonce), V_BYTES(BYTES(digest)), V_BYTES(buf_bytes(out)),
	    V_TEXT(p->mid), V_INT(p->counter)))
		return false;
	return changed == 1 || fault_refuse(f, "nonce-used", "authorization.nonce",
	    "was delivered with other content");
}

static bool
report_fits(const struct row *row, const struct report *r, struct bytes ueid, struct fault *f)
{
	if (!bytes_equal(row_bytes(row, 1), r->ueid) || !bytes_equal(ueid, r->ueid))
		return fault_refuse(f, "wrong-device", "report.ueid", "is not the one that registered");
	if (!text_equal(row_text(row, 0), r->pcid))
		return fault_refuse(f, "wrong-pcid", "report.pcid", "is not the registration's");
	if (!text_equal(row_text(row, 2), r->sho))
		return fault_refuse(f, "wrong-operator", "report.sho", "is not the registration's");
	if (text_is(row_text(row, 3), "registered"))
		return fault_refuse(f, "not-delivered", "report.nonce", "nothing was delivered for it");
	if (!text_equal(row_text(row, 4), r->mid) || row_int(row, 5) != r->counter)
		return fault_refuse(f, "wrong-mid", "report.mid", "is not what was delivered");
	return true;
}

bool
dpf_delivered(struct store *s, const struct report *r, struct bytes ueid, struct fault *f)
{
	struct row row;
	bool ok;

	if (!store_row(s, f, &row, "SELECT pcid, ueid, sho, state, mid, counter FROM registration"
	    " WHERE nonce = ?1", V_BYTES(r->nonce)))
		return false;
	if (!row.found)
		return unknown_nonce("report.nonce", f);
	ok = report_fits(&row, r, ueid, f);
	row_done(&row);
	return ok;
}

bool
dpf_is_ours(struct store *s, struct bytes nonce, const char *us, struct fault *f)
{
	struct row row;
	bool ours;

	if (!store_row(s, f, &row, "SELECT dpf FROM registration WHERE nonce = ?1", V_BYTES(nonce)))
		return false;
	ours = row.found && text_is(row_text(&row, 0), us);
	row_done(&row);
	return ours ||
	    fault_refuse(f, "wrong-dpf", "report.nonce", "is of another DPF's registration");
}

/* What the report says becomes of the registration; of its delivery one success is final. */
static bool
advance(struct store *s, const struct report *r, struct bytes digest, struct fault *f)
{
	const char *becomes = results.words[(r->result == RESULT_UPDATED ? RESULT_INSTALLED :
	    r->result) - 1];
	uint64_t changed;

	if (!store_run(s, f, &changed, "UPDATE registration SET"
	    " report = CASE ?3 WHEN 'installed' THEN ?2 ELSE report END,"
	    " state = CASE WHEN ?3 = 'refused' OR state = 'activated' THEN state ELSE ?3 END"
	    " WHERE nonce = ?1 AND CASE ?3 WHEN 'refused' THEN state = 'delivered'"
	    " WHEN 'installed' THEN report IS NULL ELSE true END", V_BYTES(r->nonce),
	    V_BYTES(digest), V_TEXT(text_of(becomes))))
		return false;
	return changed == 1 || fault_refuse(f, "already-reported", "report.nonce",
	    "its success was reported before, in another report");
}

/* An active MID changes whom the device is referred to; a new PCID that was used, the old one. */
static bool
follow(struct store *s, const struct report *r, uint64_t now, struct fault *f)
{
	bool renewal;

	return ro_is_renewal(s, r->nonce, &renewal, f) && (renewal ?
	    ro_renewed(s, r->nonce, now, f) : drf_follow(s, r->pcid, r->nonce, r->iat, f));
}

bool
dpf_report(struct store *s, const struct report *r, struct bytes ueid, struct bytes encoded,
    uint64_t now, struct fault *f)
{
	uint8_t digest[DIGEST_LEN];
	bool noted;

	signed_digest(&encoded, 1, digest);
	if (!dpf_delivered(s, r, ueid, f) || (r->result != RESULT_REFUSED &&
	    !drf_bind_device(s, r->pcid, r->ueid, "report.ueid", f)) ||
	    !dpf_noted(s, BYTES(digest), &noted, f))
		return false;
	if (noted)
		return true;
	if (!advance(s, r, BYTES(digest), f))
		return false;
	if ((r->result == RESULT_ACTIVATED || r->active) && !follow(s, r, now, f))
		return false;
	return dpf_note(s, r->nonce, BYTES(digest), f);
}
