/* SPDX-License-Identifier: Apache-2.0 */
/* discard.h - the TRE's notice to an operator that its MID was erased (5.2.5.7.3.2) */
#ifndef DISCARD_H
#define DISCARD_H

#include "msg/cose.h"

struct discard {		/* TRE to the MID's operator */
	struct text pcid;	/* that the MID was provisioned under */
	struct text sho;
	uint64_t iat;
	struct bytes nonce;	/* of the registration that brought it */
	struct bytes ueid;
	struct text mid;
	uint64_t counter;	/* of the owner's order; absent: the operator had it deleted */
	uint64_t cause;		/* choice of orders: what was ordered */
};

extern const struct record discard_claims_record;
extern const struct record discard_record;	/* COSE_Sign1 by the TRE */

#endif
