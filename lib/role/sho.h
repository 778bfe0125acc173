/* SPDX-License-Identifier: Apache-2.0 */
/* sho.h - the selected home operator: authorises and seals, each registration once */
#ifndef SHO_H
#define SHO_H

#include "crypto/digest.h"
#include "msg/mid.h"
#include "msg/package.h"
#include "msg/registration.h"
#include "msg/signed.h"
#include "msg/verdict.h"
#include "store/store.h"

struct sho_case {		/* one provisioning, both objects opened: signatures and roles hold */
	struct registration registration;
	struct verdict verdict;
	bool ahead;		/* of time: there is no registration yet, nor need the verdict be fresh */
	bool cms;		/* which envelope a package gets */
	uint8_t digest[DIGEST_LEN];	/* signed_digest() of the two, or of the one */
};

/*
 * Whether the operator named us may provision: registration and verdict belong
 * together, are for us, in time and affirming.  Refused: [wrong-operator] [expired]
 * [not-yet-valid] [wrong-pva] [wrong-pcid] [wrong-nonce] [wrong-device] [not-affirmed].
 */
bool sho_may_provision(const struct sho_case *c, const char *us, uint64_t now, struct fault *f);

/*
 * Appends the authorization for the DPF to do that, OPERATION_INSTALL or OPERATION_UPDATE; the stored
 * one when it is asked for again.  Refused besides: [nonce-used].
 */
bool sho_authorize(struct store *s, const struct sho_case *c, uint64_t scope, const struct signer *us,
    uint64_t now, uint64_t validity, struct buf *out, struct fault *f);

struct authorized {		/* under a registration nonce; views until the end of the item */
	bool found;
	struct bytes digest, object;	/* of what it was made for; as it was signed */
	struct authorization claims;
};
bool sho_authorized(struct store *s, struct bytes nonce, struct authorized *a, struct fault *f);

/*
 * Appends the package with the MID sealed to the verdict's key, counts it, and makes the identity
 * live in the ledger; the stored one when all three come again.  Refused besides: [not-authorized]
 * unless that very registration and verdict were, [nonce-used], [mid-used], [wrong-operator] the MID
 * is another's, [unknown-identity] [already-known] it is not the one in the ledger.  Authorised to
 * update, it must be the one of successor_make() instead, and go to the device that has the MID
 * [wrong-device], under whichever PCID by now.
 * Ahead of time, there is no nonce, and an affirming verdict for us, however old, is enough.
 */
bool sho_wrap(struct store *s, const struct sho_case *c, const struct mid *mid,
    struct bytes encoded_mid, const struct signer *us, uint64_t now, uint64_t validity,
    struct buf *out, struct fault *f);

/* The next one of the packages for that PCID. */
bool sho_next_counter(struct store *s, struct text pcid, uint64_t *counter, struct fault *f);

#endif
