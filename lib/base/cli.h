/* SPDX-License-Identifier: Apache-2.0 */
/* cli.h - options: one popt table per tool is its help, its usage and its parser */
#ifndef CLI_H
#define CLI_H

#include <popt.h>

#include "base/bytes.h"

/* Options that the library answers; a tool puts the macros it needs at the end of its table. */
extern int cli_armor, cli_keep_going, cli_progress;
extern const char *cli_now, *cli_random;

#define CLI_CLOCK { "now", 0, POPT_ARG_STRING, &cli_now, 0, "Take TIME for the present", "TIME" }
#define CLI_CHANCE { "random", 0, POPT_ARG_STRING, &cli_random, 0, \
	"Draw randomness from FILE (tests only)", "FILE" }
#define CLI_ARMOR { "armor", 'a', POPT_ARG_NONE, &cli_armor, 0, "Write PEM armour", NULL }
#define CLI_KEEP_GOING { "keep-going", 0, POPT_ARG_NONE, &cli_keep_going, 0, \
	"Go on with the next item after a bad one", NULL }
#define CLI_PROGRESS { "progress", 0, POPT_ARG_NONE, &cli_progress, 0, \
	"Count items on standard error", NULL }
#define CLI_END \
	{ "version", 'V', POPT_ARG_NONE, NULL, 'V', "Show version", NULL }, \
	{ "help", '?', POPT_ARG_NONE, NULL, '?', "Show this help", NULL }, \
	POPT_TABLEEND

enum { CLI_ANY = -1 };

/*
 * Parses all options and closes the process to onlookers (no core file, no
 * ptrace).  Dies on a bad option or on more than `most` operands (CLI_ANY: no
 * limit).  operand_help is what --help says of them: "[FILE...]".  Answers the operands,
 * NULL-terminated; never NULL.
 */
const char *const *cli_start(int argc, char *argv[], const struct poptOption *options,
    const char *operand_help, int most);
/* For an option that takes the place of operands: dies (2) on the first of them. */
void cli_no_operands(const char *const *operands);

/* Dies unless the option was given. */
void cli_require(const void *value, const char *option);

/* A decimal number and nothing else, min..max; dies naming the option. NULL text: fallback. */
uint64_t cli_number(const char *option, const char *text, uint64_t min, uint64_t max,
    uint64_t fallback);

/*
 * "2026-11-24T08:00:00Z" or seconds since 1970, as
 * seconds; dies naming the option. NULL: fallback.
 */
uint64_t cli_time(const char *option, const char *text, uint64_t fallback);

/*
 * The present: --now if given, else the clock, read once.
 * 1..WHEN_MAX. Dies (3) of a clock that is not set.
 */
uint64_t cli_clock(void);

#endif
