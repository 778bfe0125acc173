/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ack.h - what lets a device forget what it reported: an operator's, of the notice that its MID was
 * erased (5.2.5.7.3.2); a DPF's, of a report
 */
#ifndef ACK_H
#define ACK_H

#include "msg/cose.h"

struct ack {			/* operator or DPF to TRE */
	struct text by, pcid;
	uint64_t iat;
	struct bytes ueid;
	struct bytes digest;	/* signed_digest() of the discard or report */
};

extern const struct record ack_claims_record;
extern const struct record ack_record;	/* COSE_Sign1 by the SHO, of a discard */
extern const struct record dpf_ack_record;	/* the same by the DPF, of a report */

#endif
