/* SPDX-License-Identifier: Apache-2.0 */
/* sho_delete.h - the home operator: has its own MID erased in a device that reported it */
#ifndef SHO_DELETE_H
#define SHO_DELETE_H

#include "msg/package.h"
#include "msg/signed.h"
#include "store/store.h"

/*
 * Appends the authorization to delete the MID of an opened report that it was installed or made
 * active, whose signer's PlC was for ueid; the stored one while it holds.  Refused:
 * [wrong-operator] [wrong-result] [not-yet-valid] [unknown-mid] [wrong-device] [wrong-pcid], and
 * [not-authorized] unless the MID was installed by our authorization.
 */
bool sho_delete(struct store *s, const struct report *r, struct bytes ueid, const struct signer *us,
    uint64_t now, uint64_t validity, struct buf *out, struct fault *f);

#endif
