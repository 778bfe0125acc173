/* SPDX-License-Identifier: Apache-2.0 */
/* pva.h - the platform validation authority: evidence judged against PlC, registration and policy */
#ifndef PVA_H
#define PVA_H

#include "msg/registration.h"
#include "msg/signed.h"
#include "msg/verdict.h"

struct policy {
	struct text id;
	bool dbgstat_allowed[DBGSTAT_FULL + 1];		/* by choice */
	bool tre_class_allowed[TRE_TPM + 1];
	uint64_t min_svn;				/* that a PlC must state; 0: no matter which */
	uint64_t max_age, validity;			/* seconds: of evidence, of the verdict */
};

/* Of a CONF file; see m2mkit-policy(5). Dies: 2, 3. */
void policy_load(struct policy *p, const char *path);

struct pva_case {
	struct registration registration;
	struct evidence evidence;
	const struct cert *plc;		/* who signed the evidence */
};

/*
 * Appends the verdict.  True: affirming.  False with f->answered: contraindicated; *f is the
 * first reason, the verdict lists all.  False without: no verdict, for registration and evidence do not belong
 * together, or are not for us.  Refused without verdict: [wrong-pva] [expired] [not-yet-valid]
 * [stale-nonce] [wrong-pcid]; with one: [wrong-device] [debug] [tre-class]
 * [measurement-differs] [measurement-missing] [measurement-unknown] [stale-evidence] [wrong-version]
 * [svn-too-low] [missing-claim].
 */
bool pva_judge(const struct pva_case *c, const struct policy *policy, const struct signer *us,
    uint64_t now, struct buf *out, struct fault *f);

#endif
