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
pva_asked(const struct registration *r, const char *us, uint64_t now, struct fault *f)
{
	if (!text_is(r->pva, us))
		return fault_refuse(f, "wrong-pva", "registration.pva", "is %.*s, not us", (int)r->pva.n,
		    r->pva.p);
	return signed_in_time("registration", r->iat, r->exp, now, f);
}

bool
pva_answers(const struct pva_case *c, struct fault *f)
{
	if (!nonce_fits(&c->registration, &c->evidence, f))
		return false;
	return text_equal(c->evidence.sub, c->registration.pcid) ||
	    fault_refuse(f, "wrong-pcid", "evidence.sub", "is not the registration's");
}

/* Lists what stands against what was shown, and puts the first into *f; false: nothing does. */
static bool
list_findings(const struct findings *n, struct appraisal *a, struct fault *f)
{
	static struct buf reasons, affirmed;
	const struct finding *first = NULL;

	reasons.n = affirmed.n = 0;
	if (n->disbelief != NULL) {
		list_add(&reason_element, &a->reasons, &reasons, &(struct reason){
		    text_of(n->disbelief->where), text_of(n->disbelief->reason) });
		*f = *n->disbelief;
		return true;
	}
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
	return first != NULL && !fault_refuse(f, first->reason, first->claim, "%s", first->fact);
}

/* What the evidence says; the verdict says it after it, of evidence that is believed. */
static void
repeat(const struct pva_case *c, struct verdict *v)
{
	v->cnf = c->evidence.cnf;
	v->ueid = c->evidence.ueid;
	v->plc = BYTES(c->plc->fingerprint);
	v->mode = evidence_mode(&c->evidence);
}

bool
pva_verdict(const struct pva_case *c, const struct policy *p, const struct findings *n,
    const struct signer *us, uint64_t now, struct buf *out, struct fault *f)
{
	static struct buf ids;
	const struct registration *r = &c->registration;
	struct verdict v = {
		.pva = text_of(us->cert.name), .sub = r->pcid, .aud = r->sho,
		.exp = signed_until(now, p->validity), .iat = now, .eat_nonce = r->nonce,
		.ueid = r->ueid, .eat_profile = text_of(VERDICT_PROFILE),
		.verifier_id = { text_of("m2mkit"), text_of(VERSION) },
		.submods.tre.trustworthiness_vector = n->vector,
	};
	bool wrong = list_findings(n, &v.submods.tre, f);

	if (n->disbelief == NULL)
		repeat(c, &v);
	v.submods.tre.status = wrong ? EAR_CONTRAINDICATED : EAR_AFFIRMING;
	ids.n = 0;
	list_add(&policy_id_element, &v.submods.tre.appraisal_policy_ids, &ids, &p->id);
	signed_encode(us, &verdict_record, &v, out);
	if (wrong)
		f->answered = true;
	return !wrong;
}
