/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/terminal.h"

#include <stdio.h>
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

/* m2m-show beside our own executable, else by PATH. */
static void
become_show(void)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 16);
	char *slash;

	if (n > 0) {
		path[n] = '\0';
		if ((slash = strrchr(path, '/')) != NULL) {
			strcpy(slash + 1, "m2m-show");
			execl(path, "m2m-show", (char *)NULL);
		}
	}
	execlp("m2m-show", "m2m-show", (char *)NULL);
	_exit(127);
}

void
terminal_guard(void)
{
	static bool asked;
	int fds[2];

	if (asked)
		return;
	asked = true;
	if (!isatty(STDOUT_FILENO) || strcmp(progname, "m2m-show") == 0)
		return;
	if (pipe(fds) == -1 || (show = fork()) == -1)
		die_errno("cannot start m2m-show");
	if (show == 0) {
		dup2(fds[0], STDIN_FILENO);
		close(fds[0]);
		close(fds[1]);
		become_show();
	}
	dup2(fds[1], STDOUT_FILENO);
	close(fds[0]);
	close(fds[1]);
	atexit(wait_for_show);
}
