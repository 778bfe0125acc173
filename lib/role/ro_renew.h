/* SPDX-License-Identifier: Apache-2.0 */
/* ro_renew.h - the registration operator gives a device a new PCID (5.2.5.7.3.3) */
#ifndef RO_RENEW_H
#define RO_RENEW_H

#include "msg/package.h"
#include "msg/pcid.h"
#include "role/sho.h"

/*
 * Appends the package with the new PCID sealed to the verdict's key; the stored one when all three
 * come again.  In the same act the new PCID becomes live, the device's, and of the operator that
 * the DRF's table has for the old one alone; the old one stays as it is.
 * Refused: as sho_may_provision() and drf_is_live(), [wrong-operator] [unknown-identity]
 * [already-known] [quarantined] [expired] [unknown-nonce] [nonce-used] [other-device] [pcid-used].
 */
bool ro_renew(struct store *s, const struct sho_case *c, const struct pcid *new,
    struct bytes encoded_pcid, const struct signer *us, uint64_t now, uint64_t validity,
    struct buf *out, struct fault *f);

bool ro_is_renewal(struct store *s, struct bytes nonce, bool *yes, struct fault *f);
/* The new PCID of that registration has been used: those before it expire. */
bool ro_renewed(struct store *s, struct bytes nonce, uint64_t now, struct fault *f);

#endif
