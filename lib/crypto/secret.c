/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"

enum { PAGE = 4096, AREA = 16 * PAGE };

static _Alignas(PAGE) uint8_t area[AREA];
static size_t used, locked;

static void
wipe(void)
{
	explicit_bzero(area, used);
}

/* By the page as they fill: the limit on locked memory may be low, and a quiet start is cheap. */
static void
lock(size_t end)
{
	static bool warned;

	if (locked == 0) {
		madvise(area, AREA, MADV_DONTDUMP);
		atexit(wipe);
	}
	for (; locked < end; locked += PAGE)
		if (mlock(area + locked, PAGE) == -1 && !warned) {
			warned = true;
			warn("secrets may be swapped to disk: cannot lock memory");
		}
}

uint8_t *
secret_new(size_t n)
{
	size_t size = n <= AREA ? (n + 15) & ~(size_t)15 : n;

	if (size > AREA - used)
		die_world("too many secrets: %zu bytes asked, %zu left", n, AREA - used);
	lock(used + size);
	used += size;
	return area + used - size;
}

bool
secret_file_fits(const struct stat *st, char why[static SECRET_WHY])
{
	unsigned mode = st->st_mode & 07777, user = geteuid();

	if (!S_ISREG(st->st_mode))
		snprintf(why, SECRET_WHY, "it is no regular file");
	else if (st->st_uid != user && st->st_uid != 0)
		snprintf(why, SECRET_WHY, "it belongs to user %u, needs user %u", st->st_uid, user);
	else if ((mode & (S_IRWXG | S_IRWXO)) != 0)
		snprintf(why, SECRET_WHY, "its mode is %04o, needs 0600", mode);
	else
		return true;
	return false;
}

bool
secret_equal(struct bytes a, struct bytes b)
{
	uint8_t differ = 0;

	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		differ |= a.p[i] ^ b.p[i];
		__asm__ volatile("" : "+r"(differ));	/* anything, for all the compiler knows: no early end */
	}
	return differ == 0;
}
