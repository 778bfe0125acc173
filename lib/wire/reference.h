/* SPDX-License-Identifier: Apache-2.0 */
/* reference.h - the same reading by libcbor: what wire.c is tested and timed against */
#ifndef REFERENCE_H
#define REFERENCE_H

#include "wire/wire.h"

/* As wire_next(), tags 6 to 20 apart: libcbor 0.8 cannot read those. */
const char *reference_next(struct wire *in, struct wire_item *item);

#endif
