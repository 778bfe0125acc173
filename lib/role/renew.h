/* SPDX-License-Identifier: Apache-2.0 */
/*
 * renew.h - a new PCID beside the old one in a TRE (5.2.5.7.3.3): either may be used, until the new
 * one has been used once; then the old one is erased.
 */
#ifndef RENEW_H
#define RENEW_H

#include "role/tre.h"

/*
 * Opens an encoded pcid-package, stores the new PCID beside the one it is to take the place of, and
 * appends the report.  True: now, or by the same package before.  False with f->answered: refused,
 * and the report says so; only of a package that this TRE waits for.  A new PCID that was not used
 * yet gives way to a newer one.  test_keys: as credential_is_secret() allows.
 * Refused: as signed_open(), [unknown-nonce] [wrong-pcid] [wrong-operator] [wrong-device]
 * [nonce-used] [expired] [not-yet-valid] [not-for-us] [tampered] [sample-key] [test-algorithm]
 * [old-counter] [already-known] [no-pcid] [no-plc].
 */
bool renew(struct tre *t, struct trust *anchors, struct bytes encoded, bool test_keys, uint64_t now,
    struct buf *out, struct fault *f);

/* A network has proved that it knows this identity's K: of a new PCID, the old one is erased. */
bool renew_used(const struct tre *t, struct text identity, struct fault *f);

/*
 * Appends the report that the last new PCID has been used: the same each time.
 * Refused: [too-early] none has been; [no-plc].
 */
bool renew_report(struct tre *t, uint64_t now, struct buf *out, struct fault *f);

#endif
