/* SPDX-License-Identifier: Apache-2.0 */
/* finding.h - what the platform validation authority finds about one claim, and why */
#ifndef FINDING_H
#define FINDING_H

#include <stdbool.h>

/*
 * What is absent was found neither right nor wrong, though it had to be right: a claim that is not made,
 * or has no reference.  What is unasked did not have to be.  What is unjudged nobody looked at, for
 * the evidence is not believed.
 */
enum outcome { PASSED, FAILED, ABSENT, UNASKED, UNJUDGED };

struct finding {
	const char *claim;	/* "evidence.dbgstat" */
	enum outcome outcome;
	const char *reason;	/* the reason word; of FAILED and ABSENT; else NULL */
	char fact[96];		/* for people: "enabled is not allowed by the policy" */
};

/* Each fills all but n->claim, over what was there. */
void passed(struct finding *n, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void unasked(struct finding *n, const char *why);
void unjudged(struct finding *n);
void failed(struct finding *n, const char *reason, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void absent(struct finding *n, const char *reason, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Whether two of the same claim say the same; facts do not count. */
bool finding_same(const struct finding *a, const struct finding *b);
enum { FOUND_LEN = 64 };
const char *finding_spell(const struct finding *n, char out[static FOUND_LEN]);	/* "failed, debug" */

#endif
