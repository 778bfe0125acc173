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
 * Whether the registration is for us, the validation authority of that name, and in time.  If not,
 * nobody asked for a verdict.  Refused: [wrong-pva] [expired] [not-yet-valid].
 */
bool pva_asked(const struct registration *r, const char *us, uint64_t now, struct fault *f);

/* Whether opened evidence is the answer to it: [stale-nonce] [wrong-nonce] [wrong-pcid]. */
bool pva_answers(const struct pva_case *c, struct fault *f);

enum { CLAIMS_JUDGED = 13 };

struct findings {
	struct finding of[CLAIMS_JUDGED];	/* always the same claims, in the same order */
	struct trust_vector vector;
	const struct fault *disbelief;	/* NULL, or why all are UNJUDGED: evidence not believed */
};

/*
 * Judges evidence that is believed; false: the PlC is none (2).  Reason words: [wrong-device]
 * [debug] [software-tre] [tre-class] [wrong-tre-class] [validation-mode] [not-yet-valid]
 * [stale-evidence] [measurement-differs] [measurement-missing] [measurement-unknown] [missing-reference]
 * [wrong-version] [missing-claim] [svn-too-low] [bad-quote] [quote-differs]
 * [sealing-not-certified].
 */
bool pva_judge(const struct pva_case *c, const struct policy *p, uint64_t now, struct findings *out,
    struct fault *f);

/*
 * Finds that evidence is not believed, for *why, which out then points to.  False: that does not
 * stand against what was shown: it is no refusal, or is about what we know of the status of PlCs.
 */
bool pva_disbelieves(const struct fault *why, struct findings *out);

/*
 * Appends the verdict.  True: affirming, nothing is wrong or absent.  False with f->answered:
 * contraindicated; *f is the disbelief, which may be f, or the first finding that is.  Of evidence
 * that is not believed nothing is in it: whoever sent that may have made it up.
 */
bool pva_verdict(const struct pva_case *c, const struct policy *p, const struct findings *n,
    const struct signer *us, uint64_t now, struct buf *out, struct fault *f);

#endif
