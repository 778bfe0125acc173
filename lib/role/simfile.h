/* SPDX-License-Identifier: Apache-2.0 */
/* simfile.h - credentials in the forms that other programs read */
#ifndef SIMFILE_H
#define SIMFILE_H

#include "msg/subscriber.h"

struct simfile {			/* one target program */
	const char *name;		/* "osmo-hlr" */
	const char *before, *after;	/* once, around all of them */
	/* Appends one subscriber; false when the target cannot hold it: [not-representable]. */
	bool (*put)(struct text identity, const struct credential *c, struct buf *out, struct fault *f);
};

const struct simfile *simfile_find(const char *name);	/* NULL: there is none */

#endif
