/* SPDX-License-Identifier: Apache-2.0 */
#include "base/when.h"

#include <stdio.h>
#include <time.h>

const char *
when_spell(uint64_t seconds, char out[static WHEN_LEN])
{
	time_t t = (time_t)(seconds > WHEN_MAX ? WHEN_MAX : seconds);
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(out, WHEN_LEN, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return out;
}

static bool
read_number(const char *s, uint64_t *n)
{
	for (*n = 0; *s >= '0' && *s <= '9' && *n <= WHEN_MAX; s++)
		*n = 10 * *n + (uint64_t)(*s - '0');
	return *s == '\0' && *n > 0 && *n <= WHEN_MAX;	/* 0: absent, in every object */
}

/* Spelling the answer again catches what strptime and timegm let through: day 31 of June. */
bool
when_read(struct text t, uint64_t *seconds)
{
	char s[WHEN_LEN], again[WHEN_LEN];
	struct tm tm = { 0 };
	const char *end;

	if (t.n == 0 || !text_copy(t, s, sizeof s))
		return false;
	if (read_number(s, seconds))
		return true;
	end = strptime(s, "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (end == NULL || *end != '\0' || timegm(&tm) <= 0)
		return false;
	*seconds = (uint64_t)timegm(&tm);
	return strcmp(when_spell(*seconds, again), s) == 0;
}
