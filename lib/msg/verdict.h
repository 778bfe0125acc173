/* SPDX-License-Identifier: Apache-2.0 */
/* verdict.h - what the PVA finds: an EAR (draft-ietf-rats-ear), signed by the PVA */
#ifndef VERDICT_H
#define VERDICT_H

#include "msg/evidence.h"

#define VERDICT_PROFILE "tag:ietf.org,2026:rats/ear#03"

struct verifier_id {
	struct text developer, build;
};

struct trust_vector {		/* AR4SI: 2 affirming, 32 warning, 96 contraindicated and beyond; 0: not looked at */
	int64_t instance_identity, configuration, executables, hardware;
};

struct reason {			/* why a claim was not affirmed */
	struct text claim;	/* "evidence.dbgstat" */
	struct text reason;	/* a reason word: "debug" */
};

struct appraisal {
	uint64_t status;	/* choice: EAR_...; never better than the worst of the vector */
	struct trust_vector trustworthiness_vector;
	struct list appraisal_policy_ids;	/* of text */
	struct list reasons;	/* of struct reason: the claims that are wrong, or absent */
	struct list affirmed;	/* of text: the claims that are right */
};
enum { POLICY_ID_MAX = 128, CLAIM_NAME_MAX = 96 };
enum { EAR_NONE = 1, EAR_AFFIRMING, EAR_WARNING, EAR_CONTRAINDICATED };

struct submods {
	struct appraisal tre;	/* the one part that is appraised */
};

struct verdict {
	struct text pva, sub, aud;	/* PVA, PCID, SHO */
	uint64_t exp, iat;
	struct cnf cnf;			/* the evidence's sealing key; absent: that is not believed */
	struct bytes eat_nonce;		/* the registration nonce */
	struct bytes ueid;
	struct text eat_profile;
	struct submods submods;
	struct verifier_id verifier_id;
	struct bytes plc;		/* SHA-256 of the PlC; there if cnf is */
	uint64_t mode;			/* choice: MODE_..., the evidence's; there if cnf is */
};

extern const struct choices ear_statuses;
extern const struct field reason_element, affirmed_element, policy_id_element;
extern const struct record verdict_claims_record;
extern const struct record verdict_record;	/* COSE_Sign1 by the PVA */

#endif
