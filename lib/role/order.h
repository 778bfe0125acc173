/* SPDX-License-Identifier: Apache-2.0 */
/* order.h - a TRE obeys its owner: each order once, in their order */
#ifndef ROLE_ORDER_H
#define ROLE_ORDER_H

#include "crypto/digest.h"
#include "msg/order.h"
#include "msg/signed.h"
#include "role/tre.h"

enum { ANSWERS = 2 };
struct answers {		/* to one object; the second may be empty */
	struct buf one[ANSWERS];
};
void answers_put(const struct answers *a);	/* to the stream */

/*
 * Opens an order to this device by its owner, to do what.  Refused: as signed_open(), [no-owner]
 * [wrong-owner] [wrong-device] [wrong-order].
 */
bool order_open(struct tre *t, struct trust *anchors, struct bytes encoded, uint64_t what,
    uint64_t now, struct order *o, struct fault *f);

/* Takes it as the latest.  Refused: [expired] [not-yet-valid] [old-counter]. */
bool order_count(const struct tre *t, const struct order *o, uint64_t now, struct fault *f);

/*
 * What an object, known by its signed_digest(), was answered with; and how to keep that, of the
 * latest.
 */
enum { OBEYED_MAX = 32 };
bool order_answered(const struct tre *t, struct bytes digest, struct answers *out, bool *found,
    struct fault *f);
bool order_keep(const struct tre *t, struct bytes digest, const struct answers *a, struct fault *f);

/*
 * Obeys an order to activate or delete, and puts the reports and notices that follow from it into
 * the stream; asked again it answers the same.  Refused besides: [unknown-mid] [illegal-state]
 * [not-yet-valid] [expired] [no-way-back] [not-permitted] [no-plc].
 */
bool order_take(const struct item *item, struct tre *t, uint64_t what, uint64_t now, struct fault *f);

#endif
