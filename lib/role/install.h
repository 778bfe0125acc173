/* SPDX-License-Identifier: Apache-2.0 */
/* install.h - a delivery opened inside the TRE: no MID leaves it, only a report */
#ifndef INSTALL_H
#define INSTALL_H

#include "msg/mid.h"
#include "msg/package.h"
#include "msg/signed.h"
#include "role/tre.h"

/*
 * Installs or updates by an encoded delivery, and appends the report.  True: installed, now or by the same
 * delivery before.  False with f->answered: refused, and the report says so, signed; only of a
 * delivery that this TRE waits for: its DPF, PCID and operator are those that it attested for, and
 * no MID came by its nonce before; of what it did, only the report in the outbox is left.  False
 * without: any other refusal, or the world is wrong.
 * Refused: all of package_open() in unwrap.h and signed_open(), [wrong-dpf] [wrong-pcid] [wrong-nonce] [wrong-scope]
 * [unknown-nonce] [nonce-used] [old-counter]; [already-known] what is to be installed is there;
 * [unknown-mid] [illegal-state] [wrong-mid] what is to be updated is not, see rekey.h.
 */
bool install(struct tre *t, struct trust *anchors, struct bytes delivery, uint64_t now, struct buf *out,
    struct fault *f);

/* Appends the report of the package that came by that nonce: whoever asks again, however late. */
bool install_report(const struct tre *t, struct bytes nonce, struct buf *out, struct fault *f);

/* Counts a package of from for that PCID; where: for *f.  Refused: [old-counter]. */
bool install_count(const struct tre *t, struct text from, struct text pcid, uint64_t counter,
    const char *where, struct fault *f);

#endif
