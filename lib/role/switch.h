/* SPDX-License-Identifier: Apache-2.0 */
/*
 * switch.h - the change of operator inside a TRE (5.2.5.7.3.2): one at a time, object by object,
 * each step in a process of its own if need be, and days after the last.
 */
#ifndef SWITCH_H
#define SWITCH_H

#include "role/order.h"
#include "role/slot.h"
#include "wire/item.h"

/*
 * Takes the next object and answers:
 *	order to re-provision	an attach-request, for the DRF
 *	registration		evidence
 *	delivery		the MID is installed, the old one erased: its discard notice
 *	ack			a report that the device is free, for the DPF, with the ack in it; the MID
 *				is made active: and a report of that
 * The same object again gets the same answer.  False with f->answered: a delivery is refused, and
 * the report says so; the switch is where it was, and the old MID active.  Refused besides: as
 * order_open(), order_count(), attest(), install(), [not-active] there is no MID to change from,
 * [no-switch] [illegal-state] [switch-under-way] [wrong-operator] [wrong-nonce] [wrong-device]
 * [wrong-pcid] [no-way-back] [not-permitted] [not-yet-valid].
 */
bool switch_take(struct tre *t, struct trust *anchors, const struct item *item, uint64_t now,
    struct answers *out, struct fault *f);

/* Goes on without the ack, once it was waited for as long as was ordered.  Refused: [too-early]. */
bool switch_unacknowledged(struct tre *t, uint64_t now, struct answers *out, struct fault *f);

/* Another order of the owner ends a switch that touched nothing.  Refused: [switch-under-way]. */
bool switch_give_way(const struct tre *t, struct fault *f);
/* The MID's operator ends only the switch from that MID.  Refused: [switch-under-way]. */
bool switch_lose(const struct tre *t, const struct slot *old, struct fault *f);

#endif
