/* SPDX-License-Identifier: Apache-2.0 */
/* dpf_ack.h - the DPF remembers which reports it has passed on, and acknowledges these */
#ifndef DPF_ACK_H
#define DPF_ACK_H

#include "msg/package.h"
#include "msg/signed.h"
#include "store/store.h"

/* That the report of that signed_digest() is passed on; whether it was before. */
bool dpf_note(struct store *s, struct bytes nonce, struct bytes digest, struct fault *f);
bool dpf_noted(struct store *s, struct bytes digest, bool *noted, struct fault *f);

/*
 * Appends the ack of an opened report, the stored one when the same comes again.  Refused:
 * [not-reported] it was not passed on, [wrong-dpf].
 */
bool dpf_ack(struct store *s, const struct report *r, struct bytes encoded, const struct signer *us,
    uint64_t now, struct buf *out, struct fault *f);

#endif
