/* SPDX-License-Identifier: Apache-2.0 */
/*
 * die.h - the one line a tool says when something is wrong, and the way out.
 *
 *	tool: [FILE: ] [item N: ] [object.field: ] fact [: system reason] [reason word]
 */
#ifndef DIE_H
#define DIE_H

#include "base/fault.h"

extern const char *progname;	/* set by cli_start() */
/* Set by the stream: the item at hand, from 1, and where it stands. */
extern const char *die_file;	/* NULL: in the only one */
extern size_t die_item;		/* 0: none, and no file */

void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void warn_fault(const struct fault *f);

/* The ways out: with f->status; 2; 3; 3, with the system's reason. */
_Noreturn void die_fault(const struct fault *f);
_Noreturn void die_request(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void die_world(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void die_errno(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
