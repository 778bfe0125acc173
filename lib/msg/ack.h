/* SPDX-License-Identifier: Apache-2.0 */
/* ack.h - an operator's answer to the notice that its MID was erased (5.2.5.7.3.2) */
#ifndef ACK_H
#define ACK_H

#include "msg/cose.h"

struct ack {			/* operator to TRE */
	struct text sho, pcid;
	uint64_t iat;
	struct bytes ueid;
	struct bytes digest;	/* signed_digest() of the discard */
};

extern const struct record ack_claims_record;
extern const struct record ack_record;	/* COSE_Sign1 by the SHO */

#endif
