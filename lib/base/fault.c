/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
fill(struct fault *f, enum status status, const char *reason, const char *where)
{
	*f = (struct fault){ .status = status, .reason = reason };
	if (where != NULL)
		snprintf(f->where, sizeof f->where, "%s", where);
}

bool
fault_refuse(struct fault *f, const char *reason, const char *where, const char *fmt, ...)
{
	va_list ap;

	fill(f, STATUS_REFUSED, reason, where);
	va_start(ap, fmt);
	vsnprintf(f->fact, sizeof f->fact, fmt, ap);
	va_end(ap);
	return false;
}

bool
fault_request(struct fault *f, const char *where, const char *fmt, ...)
{
	va_list ap;

	fill(f, STATUS_REQUEST, NULL, where);
	va_start(ap, fmt);
	vsnprintf(f->fact, sizeof f->fact, fmt, ap);
	va_end(ap);
	return false;
}

bool
fault_world(struct fault *f, const char *where, const char *fmt, ...)
{
	va_list ap;

	fill(f, STATUS_WORLD, NULL, where);
	va_start(ap, fmt);
	vsnprintf(f->fact, sizeof f->fact, fmt, ap);
	va_end(ap);
	return false;
}

void
fault_inside(struct fault *f, const char *outer)
{
	char inner[sizeof f->where];

	memcpy(inner, f->where, sizeof inner);
	snprintf(f->where, sizeof f->where, "%.30s%s%.60s", outer, *inner ? "." : "", inner);
}
