/* SPDX-License-Identifier: Apache-2.0 */
/* appraisal.h - whether a verdict lets the device of a registration be provisioned */
#ifndef APPRAISAL_H
#define APPRAISAL_H

#include "msg/registration.h"
#include "msg/signed.h"
#include "msg/verdict.h"

/*
 * Both opened.  The verdict must be of the PVA, the operator, the PCID, the nonce and the device of
 * the registration, in time, and affirming.  Refused: [wrong-pva] [wrong-operator] [expired]
 * [not-yet-valid] [wrong-pcid] [wrong-nonce] [wrong-device] [not-affirmed].
 */
bool appraisal_holds(const struct registration *r, const struct verdict *v, uint64_t now,
    struct fault *f);
bool appraisal_affirms(const struct verdict *v, struct fault *f);	/* the last of these alone */

#endif
