/* SPDX-License-Identifier: Apache-2.0 */
/* policy.h - what state of a device the platform validation authority takes for good */
#ifndef POLICY_H
#define POLICY_H

#include "crypto/trust.h"
#include "msg/verdict.h"

enum { REFERENCES_MAX = 64, VERSIONS_MAX = 16, PCR_VALUES_MAX = 8 };

struct reference {		/* a digest that a component of that name may have */
	struct text name;
	uint8_t digest[DIGEST_LEN];
};

struct pcr_reference {		/* the values that a PCR may have */
	size_t count;		/* 0: any */
	uint8_t value[PCR_VALUES_MAX][DIGEST_LEN];
};

struct policy {
	struct text id;
	bool dbgstat_allowed[DBGSTAT_FULL + 1];		/* by choice */
	bool tre_class_allowed[TRE_TPM + 1];
	bool mode_allowed[MODE_REMOTE + 1];
	struct trust *anchors;				/* of PlCs; NULL: no others than all objects' */
	uint64_t min_svn;				/* that a PlC must state; 0: no matter which */
	struct text versions[VERSIONS_MAX];		/* none: the PlC says which */
	size_t version_count;
	struct reference references[REFERENCES_MAX];	/* of what the PlC's do not count for */
	size_t reference_count;
	struct pcr_reference pcrs[PCRS_MAX];
	bool pcrs_named;				/* one at least */
	uint64_t skew;					/* seconds a device's clock may be ahead */
	uint64_t max_age, validity;			/* seconds: of evidence, of the verdict */
};

/* Of a CONF file; see m2mkit-policy(5). Dies: 2, 3. */
void policy_load(struct policy *p, const char *path);

#endif
