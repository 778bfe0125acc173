/* SPDX-License-Identifier: Apache-2.0 */
/* slot.h - the MIDs inside a TRE: whose they are, how many, and the states they pass through */
#ifndef SLOT_H
#define SLOT_H

#include "msg/claims.h"
#include "msg/inventory.h"
#include "msg/mid.h"
#include "msg/pcid.h"
#include "role/tre.h"

struct slot {			/* a MID as it lies there; zero-terminated texts */
	char identity[IMSI_MAX + 1], sho[NAME_BYTES + 1], mid[MID_ID_MAX + 1];
	char pcid[IMSI_MAX + 1];	/* that it was provisioned under */
	uint8_t nonce[NONCE_BYTES];	/* of the registration that brought it */
	uint64_t counter;		/* of its package */
	uint64_t state;			/* choice: MID_... */
	uint64_t not_before, not_after;
	bool usim;			/* else an ISIM alone: no network is attached to with it */
};

/*
 * A MID by its operator and name.  Of an operator that has none of that name it tells no more than
 * of one that has nothing here.  Refused: [unknown-mid].
 */
bool slot_find(const struct tre *t, struct text sho, struct text mid, struct slot *out,
    struct fault *f);
/* The MID that the registration of that nonce brought.  Refused: [unknown-mid]. */
bool slot_brought(const struct tre *t, struct bytes nonce, struct slot *out, struct fault *f);
bool slot_active(const struct tre *t, struct slot *out, bool *found, struct fault *f);

/* From the state it was found in; one that is discarded is erased.  Refused: [illegal-state]. */
bool slot_move(const struct tre *t, const struct slot *s, uint64_t to, struct fault *f);

/* Whether what lies there runs.  Refused: [trial-failed]. */
bool slot_try(const struct tre *t, const struct slot *s, struct fault *f);
/*
 * One that was just created is tried and installed; and made active when there is nothing to choose:
 * its time has come, no other is active, and none is on its way out.  Any other stays as it is.
 */
bool slot_begin(const struct tre *t, struct text sho, struct text mid, uint64_t now, struct fault *f);
/* Erases the credential of an application, and where its SQN was. */
bool slot_forget(const struct tre *t, struct text identity, struct fault *f);

/* Whether the MID may be used at that time.  Refused: [not-yet-valid] [expired]. */
bool slot_in_time(const struct slot *s, uint64_t now, struct fault *f);

/*
 * Whether the MID's own policy lets that party have it deleted, MID_BY_SHO or MID_BY_OWNER, and the
 * owner have it replaced by another operator's.  Refused: [not-permitted].
 */
bool slot_may_delete(const struct tre *t, const struct slot *s, uint64_t party, struct fault *f);
bool slot_may_replace(const struct tre *t, const struct slot *s, struct fault *f);

/* Whether that operator may have one more.  Refused: [quota]. */
bool slot_has_room(const struct tre *t, struct text sho, struct fault *f);

/*
 * Whether, without that MID, the device can still get on line: it has another that is active and
 * valid, or a valid PCID.  Refused: [no-way-back].
 */
bool slot_way_back(const struct tre *t, const struct slot *without, uint64_t now, struct fault *f);

uint64_t slot_state(struct text word);	/* choice: MID_... */

#endif
