/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alternate ROUNDS COMMAND... - runs the commands in turn, A B C A B C, and prints for each
 *	wall user system peak
 * medians in microseconds, and the most resident memory in KiB.  A command is one word of words
 * separated by blanks, not for a shell; a % in it is the number of the round, from 0.  Its input
 * and its output are /dev/null; if it fails, so does alternate.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/die.h"
#include "timing.h"

enum { COMMANDS_MAX = 16, ROUNDS_MAX = 101, WORDS_MAX = 40 };

struct runs {
	double wall[ROUNDS_MAX], user[ROUNDS_MAX], system[ROUNDS_MAX];
	long peak;		/* KiB */
};

static const struct poptOption options[] = { CLI_END };

static void
become(const char *command, unsigned round)
{
	static char text[4096];
	char *words[WORDS_MAX + 1] = { NULL }, *out = text;
	size_t n = 0;
	int null = open("/dev/null", O_RDWR);

	for (const char *c = command; *c != '\0' && out < text + sizeof text - 12; c++)
		out += *c == '%' ? sprintf(out, "%u", round) : sprintf(out, "%c", *c);
	for (char *word = strtok(text, " "); word != NULL && n < WORDS_MAX; word = strtok(NULL, " "))
		words[n++] = word;
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	execvp(words[0], words);
	_exit(127);
}

static double
microseconds(struct timeval t)
{
	return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
run(const char *command, unsigned round, struct runs *r)
{
	struct rusage used;
	double start = now();
	pid_t child = vfork();
	int status;

	if (child == -1)
		die_errno("cannot start '%s'", command);
	if (child == 0)
		become(command, round);
	if (wait4(child, &status, 0, &used) == -1)
		die_errno("cannot wait for '%s'", command);
	r->wall[round] = now() - start;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		die_world("'%s' exits with %d", command, WEXITSTATUS(status));
	r->user[round] = microseconds(used.ru_utime);
	r->system[round] = microseconds(used.ru_stime);
	if (used.ru_maxrss > r->peak)
		r->peak = used.ru_maxrss;
}

int
main(int argc, char *argv[])
{
	static struct runs runs[COMMANDS_MAX];
	const char *const *args = cli_start(argc, argv, options, "ROUNDS COMMAND...", COMMANDS_MAX + 1);
	unsigned rounds;

	cli_require(args[0], "ROUNDS");
	rounds = (unsigned)cli_number("ROUNDS", args[0], 1, ROUNDS_MAX, 1);
	for (unsigned round = 0; round < rounds; round++)
		for (size_t i = 0; args[i + 1] != NULL; i++)
			run(args[i + 1], round, &runs[i]);
	for (size_t i = 0; args[i + 1] != NULL; i++)
		printf("%.0f %.0f %.0f %ld\n", median(runs[i].wall, rounds), median(runs[i].user, rounds),
		    median(runs[i].system, rounds), runs[i].peak);
	return fflush(stdout) == 0 ? STATUS_DONE : STATUS_WORLD;
}
