/* SPDX-License-Identifier: Apache-2.0 */
/* pva.h - the platform validation authority: evidence judged against PlC, registration and policy */
#ifndef PVA_H
#define PVA_H

#include "msg/registration.h"
#include "msg/signed.h"
#include "role/finding.h"
#include "role/policy.h"

struct pva_case {
	struct registration registration;
	struct evidence evidence;
	const struct cert *plc;		/* who signed the evidence */
};

/*
 * Whether registration and evidence belong together and are for us, the validation authority of that
 * name.  If not, there is nothing to judge.  Refused: [wrong-pva] [expired] [not-yet-valid]
 * [stale-nonce] [wrong-nonce] [wrong-pcid].
 */
bool pva_belongs(const struct pva_case *c, const struct policy *p, const char *us, uint64_t now,
    struct fault *f);

enum { CLAIMS_JUDGED = 13 };

struct findings {
	struct finding of[CLAIMS_JUDGED];	/* always the same claims, in the same order */
	struct trust_vector vector;
};

/*
 * Judges a case that belongs together; false: the PlC is none (2).  Reason words: [wrong-device]
 * [debug] [tre-class] [validation-mode] [stale-evidence] [measurement-differs] [measurement-missing]
 * [measurement-unknown] [missing-reference] [wrong-version] [missing-claim] [svn-too-low]
 * [bad-quote] [quote-differs] [sealing-not-certified].
 */
bool pva_judge(const struct pva_case *c, const struct policy *p, uint64_t now, struct findings *out,
    struct fault *f);

/*
 * Appends the verdict.  True: affirming, nothing is wrong or absent.  False with f->answered:
 * contraindicated; *f is the first finding that is.
 */
bool pva_verdict(const struct pva_case *c, const struct policy *p, const struct findings *n,
    const struct signer *us, uint64_t now, struct buf *out, struct fault *f);

#endif
