/* SPDX-License-Identifier: Apache-2.0 */
#include "base/die.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/plain.h"

const char *progname = "m2mkit";
const char *die_file;
size_t die_item;

enum { MESSAGE_MAX = 1020 };	/* four times that is the most a pipe takes at once: PIPE_BUF */

/*
 * One line, one write(2): lines from two ends of a pipe
 * never interleave. Names and paths are not trusted.
 */
__attribute__((format(printf, 1, 0))) static void
say(const char *fmt, va_list ap, const char *system_reason)
{
	char said[MESSAGE_MAX + 1];
	uint8_t line[4 * MESSAGE_MAX + 1];
	size_t max = sizeof said, n;

	n = (size_t)snprintf(said, max, "%s: ", progname);
	if (n < max && die_item > 0 && die_file != NULL)
		n += (size_t)snprintf(said + n, max - n, "%s: ", die_file);
	if (n < max && die_item > 0)
		n += (size_t)snprintf(said + n, max - n, "item %zu: ", die_item);
	if (n < max)
		n += (size_t)vsnprintf(said + n, max - n, fmt, ap);
	if (n < max && system_reason != NULL)
		n += (size_t)snprintf(said + n, max - n, ": %s", system_reason);
	if (n > MESSAGE_MAX)
		n = MESSAGE_MAX;
	n = plain_spell((struct text){ (const uint8_t *)said, n }, line);
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, n) == -1)
		return;		/* nowhere left to complain */
}

void
warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap, NULL);
	va_end(ap);
}

void
warn_fault(const struct fault *f)
{
	warn("%s%s%s%s%s%s", f->where, *f->where ? ": " : "", f->fact,
	    f->reason ? " [" : "", f->reason ? f->reason : "", f->reason ? "]" : "");
}

void
die_fault(const struct fault *f)
{
	warn_fault(f);
	exit(f->status);
}

void
die_request(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap, NULL);
	va_end(ap);
	exit(STATUS_REQUEST);
}

void
die_world(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap, NULL);
	va_end(ap);
	exit(STATUS_WORLD);
}

void
die_errno(const char *fmt, ...)
{
	const char *system_reason = strerror(errno);
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap, system_reason);
	va_end(ap);
	exit(STATUS_WORLD);
}
