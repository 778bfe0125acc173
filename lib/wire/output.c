/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"

enum { FULL = 64 * 1024, PIPE = 1024 * 1024 };

static struct buf out;
static size_t whole;	/* bytes of out that are finished items */

static void
wipe(void)
{
	/* nothing is behind them: most of a room that was never used stays so */
	buf_drop(&out, out.n);
}

struct buf *
output_item(void)
{
	if (out.p == NULL) {
		buf_room(&out, FULL + FULL / 2);
		atexit(wipe);
		fcntl(STDOUT_FILENO, F_SETPIPE_SZ, PIPE);	/* speed only: no pipe, no matter */
	}
	return &out;
}

void
output_keep(void)
{
	whole = out.n;
}

void
output_drop(void)
{
	buf_cut(&out, whole);
}

bool
output_full(size_t times)
{
	return whole >= times * FULL;
}

bool
output_pending(void)
{
	return whole > 0;
}

void
output_leave(void)
{
	for (size_t done = 0; done < whole;) {
		ssize_t n = write(STDOUT_FILENO, out.p + done, whole - done);

		if (n == -1 && errno != EINTR) {
			die_item = 0;	/* it is no item's fault */
			die_errno("cannot write");
		}
		if (n > 0)
			done += (size_t)n;
	}
	buf_drop(&out, whole);
	whole = 0;
}
