/* SPDX-License-Identifier: Apache-2.0 */
/* measured.h - what a device measured, against what its PlC and the policy expect */
#ifndef MEASURED_H
#define MEASURED_H

#include "crypto/plc.h"
#include "msg/evidence.h"
#include "role/finding.h"
#include "role/policy.h"

/*
 * None different, none missing, none besides: as the evidence's mode of validation has it, by its
 * measurements, by its own comparison of them, or because it says no more.  Reason words:
 * [measurement-differs] [measurement-missing] [measurement-unknown] [missing-reference].
 */
void judge_measurements(const struct evidence *e, const struct tcb *tcb, const struct policy *p,
    struct finding *n);

#endif
