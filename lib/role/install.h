/* SPDX-License-Identifier: Apache-2.0 */
/* install.h - a delivery opened inside the TRE: no MID leaves it, only a report */
#ifndef INSTALL_H
#define INSTALL_H

#include "msg/mid.h"
#include "msg/package.h"
#include "msg/signed.h"
#include "role/tre.h"

/*
 * Opens a package whose signature holds: header and content must say the same.  Appends the MID to
 * *plain; *mid: views of it.  Refused: [expired] [not-yet-valid] [not-for-us] [tampered]
 * [wrong-operator] [wrong-mid] [trial-failed].
 */
bool package_open(const struct mid_package *p, EVP_PKEY *sealing, uint64_t now, struct buf *plain,
    struct mid *mid, struct fault *f);

/*
 * Installs an encoded delivery and appends the report.  True: installed, now or by the same
 * delivery before.  False with f->answered: refused, and the report says so, signed; only of a
 * delivery that this TRE waits for: its DPF, PCID and operator are those that it attested for, and
 * no MID came by its nonce before.  False without: any other refusal, or the world is wrong.
 * Refused: all of package_open() and signed_open(), [wrong-dpf] [wrong-pcid] [wrong-nonce] [wrong-scope]
 * [unknown-nonce] [nonce-used] [old-counter] [already-known].
 */
bool install(struct tre *t, struct trust *anchors, struct bytes delivery, uint64_t now, struct buf *out,
    struct fault *f);

#endif
