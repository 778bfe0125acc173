/* SPDX-License-Identifier: Apache-2.0 */
/* attest.h - the TRE's evidence for one registration */
#ifndef ATTEST_H
#define ATTEST_H

#include "msg/registration.h"
#include "msg/signed.h"
#include "role/tre.h"

enum { ATTESTED_MAX = 16 };	/* registrations that are remembered, besides those of the MIDs */

/* The TRE as a signer: its platform key, with the PlC as certificate. Refused: [no-plc]. */
bool attest_signer(struct tre *t, struct signer *s, struct fault *f);

/*
 * Measures, and appends the evidence for an opened registration of this device, whose nonce is
 * remembered, as long as it is among the latest: only under it will a MID be installed.  It must be
 * of the operator of the PCID.
 * Refused: [no-pcid] [wrong-operator] [wrong-pcid] [wrong-device] [expired] [not-yet-valid]
 * [no-plc], [nonce-used] it was for another operator or DPF before.  mode: MODE_..., how the device
 * is to be validated.  MODE_AUTONOMOUS: attests only when all measured is what the PlC expects, else
 * [measurement-differs] [measurement-missing] [measurement-unknown].
 */
bool attest(struct tre *t, const struct registration *r, uint64_t mode, uint64_t now, struct buf *out,
    struct fault *f);

#endif
