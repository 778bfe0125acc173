/* SPDX-License-Identifier: Apache-2.0 */
/* timing.h - techniques timed in turn, A B C A B C, so that a busy neighbour troubles all alike */
#ifndef TIMING_H
#define TIMING_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 15, CALLS = 20000, TECHNIQUES_MAX = 8 };

struct technique {
	const char *name;
	void (*run)(void);	/* once; called so many times a round */
	unsigned each;		/* of what is counted, how many a call makes */
};

static inline int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static inline double
median(double *x, size_t n)
{
	qsort(x, n, sizeof *x, ascending);
	return x[n / 2];
}

static inline double
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Prints "name nanoseconds", a line for each: medians of CPU time. */
static inline void
time_calls_in_turn(const struct technique *t, size_t n, unsigned calls)
{
	static double took[TECHNIQUES_MAX][ROUNDS];

	for (size_t round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < n; i++) {
			double start = cpu_ns();

			for (unsigned call = 0; call < calls; call++)
				t[i].run();
			took[i][round] = (cpu_ns() - start) / calls / t[i].each;
		}
	for (size_t i = 0; i < n; i++)
		printf("%s %.1f\n", t[i].name, median(took[i], ROUNDS));
}

static inline void
time_in_turn(const struct technique *t, size_t n)
{
	time_calls_in_turn(t, n, CALLS);
}

#endif
