/* SPDX-License-Identifier: Apache-2.0 */
/* sho_ack.h - the old operator: lets a device go that has erased its MID */
#ifndef SHO_ACK_H
#define SHO_ACK_H

#include "msg/discard.h"
#include "msg/mid.h"
#include "msg/signed.h"
#include "store/store.h"

/*
 * Whether the MID was sealed for that device, and, if there is one, under that PCID; *identity: a
 * view until the end of the item.  object: for f->where.  Refused: [unknown-mid] [wrong-device]
 * [wrong-pcid].
 */
struct held {
	struct text mid, pcid;
	struct bytes ueid;	/* as the device says */
	struct bytes plc_ueid;	/* that its PlC is for */
};
bool sho_holds(struct store *s, const char *object, const struct held *h, struct text *identity,
    struct fault *f);

/* Notes which device a MID is sealed for, so that no other can give it up. */
bool sho_hold(struct store *s, const struct mid *mid, struct text pcid, struct bytes ueid,
    struct fault *f);

/*
 * Takes an opened notice, whose signer's PlC was for ueid: the identity is quarantined, so that its
 * K authenticates nobody any more.  Appends the ack, the stored one when the same comes again.
 * Refused: [wrong-operator] [not-yet-valid] [unknown-mid] [wrong-device] [wrong-pcid].
 */
bool sho_ack(struct store *s, const struct discard *d, struct bytes ueid, struct bytes encoded,
    const struct signer *us, uint64_t now, struct buf *out, struct fault *f);

#endif
