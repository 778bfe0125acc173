/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbox.h - what a TRE signed about its MIDs, and whom it is for: it waits here, and is sent
 * again, until it is acknowledged.
 *
 * Up to OUTBOX_MAX wait.  Of those that were settled, acknowledged or dropped, the last SETTLED_MAX
 * are remembered, without their objects, so that the same ack again is known.  With a notice goes
 * what was left of the MID.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include "msg/ack.h"
#include "msg/inventory.h"
#include "role/tre.h"

enum { SETTLED_MAX = 32 };

struct receipt {
	uint64_t kind;		/* choice: RECEIPT_... */
	struct text to, mid;	/* a report is for a DPF, a discard for the MID's operator */
	uint64_t made;
	struct bytes outcome;	/* nonce of a registration whose delivery it answers; or absent */
	struct bytes object;	/* signed */
};
/*
 * The outcome of a registration takes the place of an earlier one.  Refused: [outbox-full],
 * outcomes when half of it is: what others deliver leaves room for what the owner orders.
 */
bool outbox_put(const struct tre *t, const struct receipt *r, struct fault *f);

/* Takes one back that is not to be sent. */
bool outbox_withdraw(const struct tre *t, struct bytes object, struct fault *f);

/* All that waits, the oldest first: into the stream; and as a list of struct waiting. */
bool outbox_send(const struct tre *t, struct fault *f);
bool outbox_list(const struct tre *t, struct list *l, struct buf *raw, struct fault *f);

/*
 * Takes an encoded ack of whom the receipt was for.  Refused: as signed_open(), [unknown-receipt]
 * [wrong-recipient] [wrong-device] [not-yet-valid], [switch-under-way] that one is for the switch.
 */
bool outbox_ack(const struct tre *t, struct trust *anchors, struct bytes encoded, uint64_t now,
    struct fault *f);
/* What an ack that was found good settles, if it waits: of that kind, for who acknowledges. */
bool outbox_settle(const struct tre *t, const struct ack *a, uint64_t kind, struct fault *f);

/*
 * Drops one: lost says in words what nobody will be told; empty: it was acknowledged.  Refused:
 * [unknown-receipt], [unacknowledged] without force.
 */
enum { LOST_BYTES = 224 };
bool outbox_drop(const struct tre *t, struct bytes digest, bool force, char lost[static LOST_BYTES],
    struct fault *f);

#endif
