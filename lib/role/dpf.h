/* SPDX-License-Identifier: Apache-2.0 */
/* dpf.h - download and provisioning: delivers what the SHO authorised and sealed, takes the TRE's report */
#ifndef DPF_H
#define DPF_H

#include "msg/package.h"
#include "msg/signed.h"
#include "msg/verdict.h"
#include "store/store.h"

/*
 * Appends the delivery of an opened authorization and package, the stored one when the same come
 * again.
 * A package without a nonce was prepared ahead of time: a verdict must name the key it is for.
 * Refused: [wrong-dpf] [wrong-operator] [wrong-pcid] [wrong-nonce] [wrong-scope]
 * [unknown-nonce] [expired] [not-yet-valid] [nonce-used] [other-device] [wrong-key],
 * and as drf_is_live() and appraisal_holds().
 */
struct dpf_case {
	struct authorization authorization;
	struct mid_package package;
	struct verdict verdict;	/* of that registration; absent: all zero */
	struct bytes encoded_authorization, encoded_package;	/* as they came */
};
bool dpf_deliver(struct store *s, const struct dpf_case *c, const struct signer *us, uint64_t now,
    struct buf *out, struct fault *f);

/*
 * Notes an opened report, whose signer's PlC was for ueid, in the state of its registration; once a
 * MID is active the DRF refers the device to its operator, see drf_follow(); once a new PCID was
 * used, the old one expires, see ro_renewed().  The same again is taken again, and changes nothing;
 * a success is final, a refusal is not; that the MID was activated may be reported again and again.
 * Refused: [unknown-nonce] [not-delivered] [wrong-device] [wrong-pcid] [wrong-operator] [wrong-mid]
 * [already-reported] [other-device].
 */
bool dpf_report(struct store *s, const struct report *r, struct bytes ueid, struct bytes encoded,
    uint64_t now, struct fault *f);

/* What every report must agree with: what was delivered, and to whom.  Refused: the first six above. */
bool dpf_delivered(struct store *s, const struct report *r, struct bytes ueid, struct fault *f);
/* Whether we are the DPF of that registration.  Refused: [wrong-dpf]. */
bool dpf_is_ours(struct store *s, struct bytes nonce, const char *us, struct fault *f);

#endif
