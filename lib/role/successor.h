/* SPDX-License-Identifier: Apache-2.0 */
/*
 * successor.h - a new credential for an identity that a device has: K, OPc or TOPc, nothing else
 *
 * From when it is made until the device reports that it has it, the ledger holds both, and answers
 * with the old one.  The device takes both from when it installs the new one until it has seen it
 * used.  So there is no time at which they have none in common:
 *
 *			made	installed	reported	used
 *	ledger	old	old	old		new		new
 *	device	old	old	new, old	new, old	new
 *
 * SQN goes on counting, so that no SEQ comes twice, whichever credential it was used with.
 */
#ifndef SUCCESSOR_H
#define SUCCESSOR_H

#include "msg/mid.h"
#include "msg/package.h"
#include "msg/signed.h"
#include "store/store.h"

/*
 * Appends the identity's MID with a new credential: the same one until it is reported.  Refused:
 * [unknown-identity], [unknown-mid] it was sealed for no device yet, [quarantined] [sample-key]
 * [test-algorithm].
 */
bool successor_make(struct store *s, struct text identity, bool allow_test_keys, struct buf *out,
    struct fault *f);

/*
 * Whether this is that MID.  Refused: [unknown-identity], [already-known] with other data,
 * [quarantined].
 */
bool successor_is(struct store *s, struct text identity, struct bytes encoded, struct fault *f);

/*
 * Takes an opened report that the MID was updated, whose signer's PlC was for ueid: from now on the
 * ledger answers with the new credential.  The same again is taken again.  Refused: [wrong-result]
 * [not-yet-valid] [unknown-mid] [wrong-device] [wrong-pcid] [wrong-operator] [unknown-nonce]
 * [wrong-mid].
 */
bool successor_report(struct store *s, const struct report *r, struct bytes ueid, uint64_t now,
    struct fault *f);

#endif
