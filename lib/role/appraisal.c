/* SPDX-License-Identifier: Apache-2.0 */
#include "role/appraisal.h"

bool
appraisal_affirms(const struct verdict *v, struct fault *f)
{
	return v->submods.tre.status == EAR_AFFIRMING || fault_refuse(f, "not-affirmed",
	    "verdict.submods.tre.status", "is %s", ear_statuses.words[v->submods.tre.status - 1]);
}

bool
appraisal_holds(const struct registration *r, const struct verdict *v, uint64_t now,
    struct fault *f)
{
	if (!text_equal(v->pva, r->pva))
		return fault_refuse(f, "wrong-pva", "verdict.pva", "is not the one the registration names");
	if (!text_equal(v->aud, r->sho))
		return fault_refuse(f, "wrong-operator", "verdict.aud", "is %.*s, not the registration's",
		    (int)v->aud.n, v->aud.p);
	if (!text_equal(v->sub, r->pcid))
		return fault_refuse(f, "wrong-pcid", "verdict.sub", "is not the registration's");
	if (!bytes_equal(v->eat_nonce, r->nonce))
		return fault_refuse(f, "wrong-nonce", "verdict.eat_nonce", "is not the registration's");
	if (!bytes_equal(v->ueid, r->ueid))
		return fault_refuse(f, "wrong-device", "verdict.ueid", "is not the registration's");
	return signed_in_time("verdict", v->iat, v->exp, now, f) && appraisal_affirms(v, f);
}
