/* SPDX-License-Identifier: Apache-2.0 */
/* drip - passes standard input on byte by byte; the next goes when the last was read */
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static int
waiting(void)
{
	int n = 0;

	return ioctl(STDOUT_FILENO, FIONREAD, &n) == 0 && n > 0;
}

int
main(void)
{
	const struct timespec moment = { .tv_nsec = 1000 };
	int c;

	while ((c = getchar()) != EOF) {
		char byte = (char)c;

		if (write(STDOUT_FILENO, &byte, 1) != 1)
			return 3;
		while (waiting())
			nanosleep(&moment, NULL);
	}
	return 0;
}
