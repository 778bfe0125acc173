/* SPDX-License-Identifier: Apache-2.0 */
/* release.h - what the DPF tells the new operator: the M2ME is free; and nothing of the old one */
#ifndef RELEASE_H
#define RELEASE_H

#include "msg/cose.h"

struct release {		/* DPF to the new operator */
	struct text dpf, pcid, sho;
	uint64_t iat;
	struct bytes nonce;	/* of its registration */
};

extern const struct record release_claims_record;
extern const struct record release_record;	/* COSE_Sign1 by the DPF */

#endif
