/* SPDX-License-Identifier: Apache-2.0 */
/* schemas.h - every object there is */
#ifndef SCHEMAS_H
#define SCHEMAS_H

#include "wire/record.h"

extern const struct record *const schemas[];	/* ends in NULL */

/* By type ("pcid/1") or by name ("pcid"); NULL: there is none. */
const struct record *schema_find(struct text type);

#endif
