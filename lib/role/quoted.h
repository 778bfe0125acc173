/* SPDX-License-Identifier: Apache-2.0 */
/* quoted.h - what a device's TPM says, against its platform key and what the policy expects */
#ifndef QUOTED_H
#define QUOTED_H

#include "msg/evidence.h"
#include "role/finding.h"
#include "role/policy.h"

/*
 * Each is unasked of a device without a TPM.  The quote is signed with the platform key that the PlC
 * certifies, is for this very evidence, and over the values that came with it: [bad-quote].
 */
void judge_quote(const struct evidence *e, EVP_PKEY *platform, struct finding *n);

/* The values are those of the policy: [quote-differs] [missing-claim] [missing-reference]. */
void judge_pcrs(const struct evidence *e, const struct policy *p, struct finding *n);

/*
 * The sealing key is certified likewise, as one that was made in the TPM, never leaves it and does
 * nothing but agree on keys: [sealing-not-certified].
 */
void judge_sealing(const struct evidence *e, EVP_PKEY *platform, struct finding *n);

#endif
