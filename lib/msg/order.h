/* SPDX-License-Identifier: Apache-2.0 */
/* order.h - what the owner of an M2ME orders it to do with its MIDs, signed by the U/S */
#ifndef ORDER_H
#define ORDER_H

#include "msg/cose.h"

struct order {			/* U/S to M2ME */
	struct text owner;
	uint64_t exp, iat;
	struct bytes ueid;	/* of the device */
	struct text sho;	/* re-provision: the operator to change to; else: whose MID */
	struct text mid;	/* activate, delete */
	uint64_t counter;	/* of the owner's orders for this device; ascends */
	uint64_t what;		/* choice: ORDER_... */
	uint64_t former;	/* activate: what becomes of the MID that was active; absent: inactive */
	uint64_t wait;		/* re-provision: seconds to wait for the old operator's ack; absent: ORDER_WAIT */
};
enum { ORDER_RE_PROVISION = 1, ORDER_ACTIVATE, ORDER_DELETE };
enum { FORMER_INACTIVE = 1, FORMER_DISCARDED };
enum { ORDER_WAIT = 86400, ORDER_WAIT_MAX = 86400 * 366 };
extern const struct choices orders, formers;

extern const struct record order_claims_record;
extern const struct record order_record;	/* COSE_Sign1 by the U/S */

#endif
