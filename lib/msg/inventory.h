/* SPDX-License-Identifier: Apache-2.0 */
/* inventory.h - what a TRE holds, without its secrets: tre-show's answer */
#ifndef INVENTORY_H
#define INVENTORY_H

#include "wire/record.h"

struct stored_mid {
	struct text id, sho, imsi;
	uint64_t state;		/* choice: MID_... */
};
/* created: stored, and not tried yet; discarded: no more in it */
enum { MID_CREATED = 1, MID_INSTALLED, MID_ACTIVE, MID_INACTIVE, MID_DISCARDED };
extern const struct choices mid_states;

struct waiting {			/* what was signed and is not acknowledged yet */
	uint64_t kind;		/* choice: RECEIPT_... */
	struct text to, mid;	/* whose ack it waits for */
	uint64_t made;
	struct bytes digest;	/* signed_digest() */
};
enum { RECEIPT_REPORT = 1, RECEIPT_DISCARD };
enum { OUTBOX_MAX = 64 };	/* of these in one TRE */
extern const struct choices receipt_kinds;

struct inventory {
	struct bytes ueid;
	uint64_t tre_class;
	struct text serial, pcid;
	uint64_t pcid_not_after;
	struct bytes plc;	/* SHA-256 of the PlC */
	uint64_t anchors;
	struct list mids;	/* of struct stored_mid */
	uint64_t switching;	/* choice: SWITCH_...; absent: no change of operator was ordered */
	struct text switching_to;
	struct list waiting;	/* of struct waiting, the oldest first */
	struct text new_pcid;	/* brought to take the place of pcid, and not used yet; may be absent */
	uint64_t new_pcid_not_after;
};
enum { SWITCH_ORDERED = 1, SWITCH_ATTESTED, SWITCH_DISCARDING, SWITCH_DONE };
extern const struct choices switch_states;
extern const struct record inventory_record;
extern const struct field stored_mid_element, waiting_element;

#endif
