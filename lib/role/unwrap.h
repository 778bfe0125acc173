/* SPDX-License-Identifier: Apache-2.0 */
/* unwrap.h - a package, opened with the key it is sealed to */
#ifndef UNWRAP_H
#define UNWRAP_H

#include "msg/mid.h"
#include "msg/package.h"
#include "msg/registration.h"
#include "msg/signed.h"

enum { SEALED_MAX = 32 * 1024 };	/* bytes of a sealed part that is opened */

struct unwrapper {		/* who opens it */
	EVP_PKEY *sealing;	/* lives as long as the process */
	uint8_t thumbprint[DIGEST_LEN];	/* of it */
	struct bytes ueid;	/* of the device; absent: what the package calls it is not looked at */
};

void unwrapper_set(struct unwrapper *who, EVP_PKEY *sealing);

/*
 * Opens a package whose signature holds: header and content must say the same.  Appends the MID to
 * *plain; *mid: views of it.  Refused: [expired] [not-yet-valid] [not-for-us] [too-large]
 * [tampered] [wrong-operator] [wrong-mid] [wrong-token] [trial-failed].
 */
bool package_open(const struct mid_package *p, const struct unwrapper *who, uint64_t now,
    struct buf *plain, struct mid *mid, struct fault *f);

/*
 * Whether it is of that registration: operator, PCID and, unless prepared ahead of time, nonce.
 * Refused: [wrong-operator] [wrong-pcid] [wrong-nonce].
 */
bool package_belongs(const struct mid_package *p, const struct registration *r, struct fault *f);

/*
 * The MID proves itself before anything relies on it: its own challenge, answered by its own key.
 * Refused: [trial-failed].
 */
bool trial_runs(const struct mid *mid, struct fault *f);

#endif
