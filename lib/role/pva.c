/* SPDX-License-Identifier: Apache-2.0 */
#include "role/pva.h"

/* The PVA remembers no nonces: evidence of before the registration is old, any other was never asked for. */
static bool
nonce_fits(const struct registration *r, const struct evidence *e, struct fault *f)
{
	if (bytes_equal(e->eat_nonce, r->nonce))
		return true;
	if (e->iat < r->iat)
		return fault_refuse(f, "stale-nonce", "evidence.eat_nonce", "not the one asked for");
	return fault_refuse(f, "wrong-nonce", "evidence.eat_nonce", "is not the registration's");
}

bool
pva_belongs(const struct pva_case *c, const struct policy *p, const char *us, uint64_t now,
    struct fault *f)
{
	const struct registration *r = &c->registration;
	const struct evidence *e = &c->evidence;

	if (!text_is(r->pva, us))
		return fault_refuse(f, "wrong-pva", "registration.pva", "is %.*s, not us", (int)r->pva.n,
		    r->pva.p);
	if (!signed_in_time("registration", r->iat, r->exp, now, f) || !nonce_fits(r, e, f))
		return false;
	if (!text_equal(e->sub, r->pcid))
		return fault_refuse(f, "wrong-pcid", "evidence.sub", "is not the registration's");
	return signed_by_clock("evidence", e->iat, now, p->skew, f);
}

/* Answers the first that stands against the device; NULL: none does. */
static const struct finding *
list_findings(const struct findings *n, struct appraisal *a)
{
	static struct buf reasons, affirmed;
	const struct finding *first = NULL;

	reasons.n = affirmed.n = 0;
	for (const struct finding *i = n->of; i < n->of + CLAIMS_JUDGED; i++) {
		struct reason reason = { text_of(i->claim), text_of(i->reason) };

		if (i->outcome == PASSED)
			list_add(&affirmed_element, &a->affirmed, &affirmed, &reason.claim);
		if (i->reason == NULL)
			continue;
		list_add(&reason_element, &a->reasons, &reasons, &reason);
		if (first == NULL)
			first = i;
	}
	return first;
}

bool
pva_verdict(const struct pva_case *c, const struct policy *p, const struct findings *n,
    const struct signer *us, uint64_t now, struct buf *out, struct fault *f)
{
	static struct buf ids;
	const struct evidence *e = &c->evidence;
	struct verdict v = {
		.pva = text_of(us->cert.name), .sub = e->sub, .aud = c->registration.sho,
		.exp = signed_until(now, p->validity), .iat = now, .cnf = e->cnf, .eat_nonce = e->eat_nonce,
		.ueid = e->ueid, .eat_profile = text_of(VERDICT_PROFILE),
		.verifier_id = { text_of("m2mkit"), text_of(VERSION) },
		.plc = BYTES(c->plc->fingerprint), .mode = evidence_mode(e),
		.submods.tre.trustworthiness_vector = n->vector,
	};
	const struct finding *wrong = list_findings(n, &v.submods.tre);

	v.submods.tre.status = wrong == NULL ? EAR_AFFIRMING : EAR_CONTRAINDICATED;
	ids.n = 0;
	list_add(&policy_id_element, &v.submods.tre.appraisal_policy_ids, &ids, &p->id);
	signed_encode(us, &verdict_record, &v, out);
	if (wrong == NULL)
		return true;
	fault_refuse(f, wrong->reason, wrong->claim, "%s", wrong->fact);
	f->answered = true;
	return false;
}
