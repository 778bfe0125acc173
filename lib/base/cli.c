/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/when.h"

int cli_armor, cli_keep_going, cli_progress;
const char *cli_now, *cli_random;

/* A file opened later must not land on a standard descriptor and be written to by mistake. */
static void
stand_in_for_closed(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) == -1 && errno == EBADF &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) == -1)
			exit(STATUS_WORLD);
}

static void
leave_printed(void)
{
	if (fflush(stdout) != 0)
		die_errno("cannot write");
	exit(STATUS_DONE);
}

const char *const *
cli_start(int argc, char *argv[], const struct poptOption *options, const char *operand_help,
    int most)
{
	static const char *const none[] = { NULL };
	const char *slash = strrchr(argv[0], '/');
	const char *const *args;
	poptContext con;
	int rc, n = 0;

	progname = slash ? slash + 1 : argv[0];
	prctl(PR_SET_DUMPABLE, 0);
	signal(SIGPIPE, SIG_IGN);	/* a closed output is an error with a message */
	signal(SIGXFSZ, SIG_IGN);	/* and so is a file at its limit */
	stand_in_for_closed();
	con = poptGetContext(progname, argc, (const char **)argv, options, 0);
	poptSetOtherOptionHelp(con, operand_help);
	while ((rc = poptGetNextOpt(con)) > 0) {
		if (rc == 'V')
			printf("%s (m2mkit) %s\n", progname, VERSION);
		else
			poptPrintHelp(con, stdout, 0);
		leave_printed();
	}
	if (rc < -1)
		die_request("%s: %s", poptBadOption(con, POPT_BADOPTION_NOALIAS), poptStrerror(rc));
	cli_time("--now", cli_now, 0);	/* a bad one is said at once, needed or not */
	if (cli_random != NULL && getenv("M2MKIT_TEST") == NULL)
		die_request("--random: refused outside tests: "
		    "what is drawn from a file is no secret");
	args = (const char *const *)poptGetArgs(con);
	while (args != NULL && args[n] != NULL)
		n++;
	if (most != CLI_ANY && n > most)
		cli_no_operands(args + most);
	/* con lives as long as the process: args point into it */
	return args != NULL ? args : none;
}

void
cli_no_operands(const char *const *operands)
{
	if (*operands != NULL)
		die_request("unexpected operand '%s'", *operands);
}

void
cli_require(const void *value, const char *option)
{
	if (value == NULL)
		die_request("%s is required; see %s --help", option, progname);
}

uint64_t
cli_number(const char *option, const char *text, uint64_t min, uint64_t max, uint64_t fallback)
{
	uint64_t n = 0;
	const char *c = text;

	if (text == NULL)
		return fallback;
	for (; *c >= '0' && *c <= '9' && n <= (UINT64_MAX - 9) / 10; c++)
		n = 10 * n + (uint64_t)(*c - '0');
	if (c == text || *c != '\0' || n < min || n > max)
		die_request("%s: needs a number from %llu to %llu, has '%s'", option,
		    (unsigned long long)min, (unsigned long long)max, text);
	return n;
}

uint64_t
cli_time(const char *option, const char *text, uint64_t fallback)
{
	uint64_t t;

	if (text == NULL)
		return fallback;
	if (!when_read(text_of(text), &t))
		die_request("%s: needs a time such as 2026-11-24T08:00:00Z or seconds since 1970, "
			    "has '%s'",
		    option, text);
	return t;
}

uint64_t
cli_clock(void)
{
	static uint64_t now;
	time_t clock;

	if (now != 0)
		return now;
	clock = time(NULL);
	if (cli_now == NULL && (clock <= 0 || (uint64_t)clock > WHEN_MAX)) {
		die_item = 0;	/* it is no item's fault */
		die_world("the clock is not set: needs seconds since 1970, has %lld",
		    (long long)clock);
	}
	now = cli_time("--now", cli_now, (uint64_t)clock);
	return now;
}
