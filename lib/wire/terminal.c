/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"

static pid_t show;

static void
wait_for_show(void)
{
	close(STDOUT_FILENO);
	waitpid(show, NULL, 0);
}

/* m2m-show beside our own executable, else by PATH; what went wrong goes to the parent. */
static _Noreturn void
become_show(int complain)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 16);
	char *slash;
	int why;

	if (n > 0) {
		path[n] = '\0';
		if ((slash = strrchr(path, '/')) != NULL) {
			strcpy(slash + 1, "m2m-show");
			execl(path, "m2m-show", (char *)NULL);
		}
	}
	execlp("m2m-show", "m2m-show", (char *)NULL);
	why = errno;
	if (write(complain, &why, sizeof why) == -1)
		_exit(126);
	_exit(127);
}

/* Closed by a successful exec without a word. */
static void
wait_for_start(int complaint)
{
	int why;

	if (read(complaint, &why, sizeof why) != sizeof why) {
		close(complaint);
		return;
	}
	errno = why;
	die_errno("cannot start m2m-show");
}

void
terminal_guard(void)
{
	static bool asked;
	int data[2], start[2];

	if (asked)
		return;
	asked = true;
	if (!isatty(STDOUT_FILENO) || strcmp(progname, "m2m-show") == 0)
		return;
	if (pipe(data) == -1 || pipe2(start, O_CLOEXEC) == -1 || (show = fork()) == -1)
		die_errno("cannot start m2m-show");
	if (show == 0) {
		dup2(data[0], STDIN_FILENO);
		close(data[0]);
		close(data[1]);
		become_show(start[1]);
	}
	close(data[0]);
	close(start[1]);
	wait_for_start(start[0]);
	if (dup2(data[1], STDOUT_FILENO) == -1)
		die_errno("cannot start m2m-show");
	close(data[1]);
	atexit(wait_for_show);
}
