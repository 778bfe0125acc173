/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret.h - where keys live.
 *
 * One locked, undumpable area.  Nothing is freed; everything is wiped when
 * the process exits, by whatever path.  And in which files they may lie.
 */
#ifndef SECRET_H
#define SECRET_H

#include "base/bytes.h"

uint8_t *secret_new(size_t n);			/* zeroed, 16-byte aligned; dies when the area is full */

/*
 * False, and why not, of a file that others could read or change: it must be a regular file of the
 * effective user or root, with no bits of its mode for group and others.
 */
enum { SECRET_WHY = 64 };
struct stat;
bool secret_file_fits(const struct stat *st, char why[static SECRET_WHY]);

bool secret_equal(struct bytes a, struct bytes b);	/* constant time in the content */

/* For keys on the stack, where their use ends. Inline: what is small and of a known size is a few stores. */
static inline void
secret_wipe(void *p, size_t n)
{
	if (n > 128) {
		explicit_bzero(p, n);
		return;
	}
	memset(p, 0, n);
	__asm__ volatile("" : : "r"(p) : "memory");	/* somebody looks at it: it cannot be left out */
}

#endif
