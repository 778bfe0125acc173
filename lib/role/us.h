/* SPDX-License-Identifier: Apache-2.0 */
/* us.h - the user/subscriber: owns M2MEs and orders what becomes of their MIDs */
#ifndef US_H
#define US_H

#include "msg/order.h"
#include "msg/signed.h"
#include "store/store.h"

/*
 * Appends the order for one device: *o but for owner, iat, exp and counter.  Counters ascend for
 * each owner and device and are never used twice.  What was last ordered, and may still be obeyed,
 * is the same order again.
 */
bool us_order(struct store *s, const struct order *o, const struct signer *us, uint64_t now,
    uint64_t validity, struct buf *out, struct fault *f);

#endif
