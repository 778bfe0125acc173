/* SPDX-License-Identifier: Apache-2.0 */
/* receipt.h - what a TRE signs about its MIDs; a copy waits in the outbox to be acknowledged */
#ifndef RECEIPT_H
#define RECEIPT_H

#include "msg/discard.h"
#include "msg/order.h"
#include "msg/package.h"
#include "role/slot.h"

/* All append, and are refused as attest_signer() and outbox_put(). */

/* To the DPF of that registration; *r but for iat and ueid. */
bool receipt_sign(struct tre *t, const struct report *r, uint64_t now, struct buf *out,
    struct fault *f);
bool receipt_report(struct tre *t, const struct slot *s, uint64_t result, uint64_t now,
    struct buf *out, struct fault *f);
/* That the MID of another was discarded, for this one; with the ack of that, if there is one. */
bool receipt_release(struct tre *t, const struct slot *s, struct bytes ack, uint64_t now,
    struct buf *out, struct fault *f);
/* To the MID's operator, by that order. */
bool receipt_discard(struct tre *t, const struct slot *s, const struct order *o, uint64_t now,
    struct buf *out, struct fault *f);

#endif
