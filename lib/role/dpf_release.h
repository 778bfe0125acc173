/* SPDX-License-Identifier: Apache-2.0 */
/* dpf_release.h - the privacy filter: a device is free, and nothing of whose it was */
#ifndef DPF_RELEASE_H
#define DPF_RELEASE_H

#include "role/dpf.h"

/*
 * Takes an opened report that the old MID was discarded, whose signer's PlC was for ueid, and the
 * ack in it, if there is one, against the anchors.  Appends the release, the stored one when the
 * same report comes again.  Refused: as dpf_delivered() and signed_open(), [wrong-dpf] [wrong-pcid]
 * [wrong-device], [already-reported].
 */
bool dpf_release(struct store *s, const struct report *r, struct bytes ueid, struct bytes encoded,
    struct trust *anchors, const struct signer *us, uint64_t now, struct buf *out, struct fault *f);

#endif
