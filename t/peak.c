/* SPDX-License-Identifier: Apache-2.0 */
/* peak FILE CMD... - runs CMD; its largest resident size, in KiB, goes to FILE */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(int argc, char *argv[])
{
	struct rusage used;
	pid_t child;
	int status;
	FILE *out;

	if (argc < 3 || (child = fork()) == -1)
		return 3;
	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (wait4(child, &status, 0, &used) == -1 || (out = fopen(argv[1], "w")) == NULL)
		return 3;
	fprintf(out, "%ld\n", used.ru_maxrss);
	if (fclose(out) != 0)
		return 3;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
