/* SPDX-License-Identifier: Apache-2.0 */
/* when.h - times: seconds since 1970 on the wire, RFC 3339 in UTC for people */
#ifndef WHEN_H
#define WHEN_H

#include "base/bytes.h"

enum { WHEN_LEN = 21 };
#define WHEN_MAX UINT64_C(253402300799)		/* 9999-12-31T23:59:59Z */

const char *when_spell(uint64_t seconds, char out[static WHEN_LEN]);	/* "2026-11-24T08:00:00Z" */
/* That form, or a bare number; 1 to WHEN_MAX. */
bool when_read(struct text t, uint64_t *seconds);

#endif
