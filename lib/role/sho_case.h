/* SPDX-License-Identifier: Apache-2.0 */
/* sho_case.h - registration and verdict as they come in, kept until they are decided on */
#ifndef SHO_CASE_H
#define SHO_CASE_H

#include "role/sho.h"

struct sho_intake {		/* start with the anchors alone */
	struct trust *anchors;
	struct sho_case c;
	struct buf registration, verdict;
};

/*
 * Takes a registration, or the verdict that belongs to the latest one; any other
 * item is a fault.  Signatures and roles are checked here, bindings by sho_may_provision().
 */
bool sho_take(struct sho_intake *i, const struct item *item, uint64_t now, struct fault *f);

#endif
