/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/reader.h"

#include <stdarg.h>
#include <stdio.h>

static void
spell(const struct path *p, char *out, size_t size)
{
	size_t n;

	if (p->up != NULL)
		spell(p->up, out, size);
	n = strlen(out);
	snprintf(out + n, size - n, "%s%s", n ? "." : "", p->name);
}

bool
reader_wrong(struct reader *r, const struct path *p, size_t at, const char *fmt, ...)
{
	char where[sizeof r->fault->where] = "", fact[sizeof r->fault->fact];
	va_list ap;

	spell(p, where, sizeof where);
	va_start(ap, fmt);
	vsnprintf(fact, sizeof fact - 32, fmt, ap);
	va_end(ap);
	return fault_request(r->fault, where, "%.180s (byte %zu)", fact, r->base + at);
}

bool
reader_unwanted(struct reader *r, const struct path *p, size_t at, enum wire_type want,
    enum wire_type has)
{
	return reader_wrong(r, p, at, "needs %s, has %s", wire_type_name(want),
	    wire_type_name(has));
}
