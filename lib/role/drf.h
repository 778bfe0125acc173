/* SPDX-License-Identifier: Apache-2.0 */
/* drf.h - discovery of the operator and registration with it */
#ifndef DRF_H
#define DRF_H

#include "msg/attach.h"
#include "msg/registration.h"
#include "msg/signed.h"
#include "store/store.h"

struct drf_entry {		/* texts; addresses may be absent */
	struct text prefix;	/* leading digits of PCIDs; the longest that fits decides */
	struct text sho, sho_address, dpf, dpf_address, pva, pva_address;
	uint64_t since;		/* when it was set */
};

/* Adds or replaces; for a whole PCID, as drf_share() too. */
bool drf_set(struct store *s, const struct drf_entry *e, struct fault *f);

/*
 * What is set for that very PCID is for those that the device was given in its place, and for those
 * before it, unless other was set for them since.
 */
bool drf_share(struct store *s, struct text pcid, struct fault *f);

/* What every step towards a MID asks first. Refused: [unknown-identity] [dormant] [quarantined] [expired]. */
bool drf_is_live(struct store *s, struct text pcid, uint64_t now, struct fault *f);

/*
 * The referral for a PCID that asks: *out, views until the end of the item.
 * renew: to ro itself, for a new PCID.
 * Refused: as drf_is_live(), [no-operator] no prefix fits.
 */
bool drf_resolve(struct store *s, const struct attach_request *a, bool renew, const struct signer *ro,
    uint64_t now, uint64_t validity, struct referral *out, struct fault *f);

/*
 * Registers the device of a referral (opened, of this RO): appends the registration, the stored
 * one when the same referral comes again; encoded: as it came.  Refused: as drf_is_live(), [expired],
 * [wrong-operator] the referral is another RO's, [other-device] the PCID belongs to another device: see drf_bind_device().
 */
bool drf_register(struct store *s, const struct referral *r, struct bytes encoded,
    const struct signer *ro, uint64_t now, uint64_t validity, struct buf *out, struct fault *f);

/* Whether the PCID is free, or this device's; where: for *f.  Refused: [other-device]. */
bool drf_is_free(struct store *s, struct text pcid, struct bytes ueid, const char *where,
    struct fault *f);

/*
 * A PCID belongs to the first device that proved, by a report under its PlC, that it was provisioned
 * with it: from then on a copy of the PCID helps no other device, and before it no one can take it from the
 * real one by merely asking first.  Refused: [other-device].
 */
bool drf_bind_device(struct store *s, struct text pcid, struct bytes ueid, const char *where,
    struct fault *f);

/*
 * The device of that registration, of that PCID, has become its operator's subscriber, it says, at
 * that time: it is referred there from then on, unless another was set for that very PCID since.
 */
bool drf_follow(struct store *s, struct text pcid, struct bytes nonce, uint64_t since,
    struct fault *f);

#endif
