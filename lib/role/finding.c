/* SPDX-License-Identifier: Apache-2.0 */
#include "role/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void __attribute__((format(printf, 4, 0)))
find(struct finding *n, enum outcome outcome, const char *reason, const char *fmt, va_list ap)
{
	n->outcome = outcome;
	n->reason = reason;
	vsnprintf(n->fact, sizeof n->fact, fmt, ap);
}

void
passed(struct finding *n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	find(n, PASSED, NULL, fmt, ap);
	va_end(ap);
}

void
unasked(struct finding *n, const char *why)
{
	passed(n, "%s", why);
	n->outcome = UNASKED;
}

void
unjudged(struct finding *n)
{
	passed(n, "the evidence is not believed");
	n->outcome = UNJUDGED;
}

void
failed(struct finding *n, const char *reason, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	find(n, FAILED, reason, fmt, ap);
	va_end(ap);
}

void
absent(struct finding *n, const char *reason, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	find(n, ABSENT, reason, fmt, ap);
	va_end(ap);
}

bool
finding_same(const struct finding *a, const struct finding *b)
{
	return a->outcome == b->outcome &&
	    (a->reason == NULL ? b->reason == NULL : b->reason != NULL && strcmp(a->reason, b->reason) == 0);
}

const char *
finding_spell(const struct finding *n, char out[static FOUND_LEN])
{
	static const char *const words[] = {
		"passed", "failed", "absent", "unasked", "unjudged"
	};

	snprintf(out, FOUND_LEN, "%s%s%s", words[n->outcome], n->reason != NULL ? ", " : "",
	    n->reason != NULL ? n->reason : "");
	return out;
}
