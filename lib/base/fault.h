/* SPDX-License-Identifier: Apache-2.0 */
/* fault.h - what went wrong, as a library tells it to a tool */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <stddef.h>

/* Whose turn it is to act; also the exit status. */
enum status {
	STATUS_DONE = 0,
	STATUS_REFUSED = 1,	/* understood, and the answer is no: bin the part */
	STATUS_REQUEST = 2,	/* usage or malformed input: fix the script */
	STATUS_WORLD = 3	/* I/O, full disk, ledger, key: repair and retry */
};

struct fault {			/* start with { 0 } */
	enum status status;
	bool answered;		/* refused: itself an object on the output, and state is kept */
	const char *reason;	/* stable word, static; STATUS_REFUSED only */
	char where[96];		/* "evidence.eat_nonce"; empty: the item as a whole */
	char fact[224];		/* "needs 16 bytes, has 15 (byte 40)" */
};

/*
 * Each fills *f and answers false, so that a check reads
 *	return fault_refuse(f, "expired", "verdict.exp", "passed at %s", when);
 * where may be NULL.
 */
bool fault_refuse(struct fault *f, const char *reason, const char *where, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
bool fault_request(struct fault *f, const char *where, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
bool fault_world(struct fault *f, const char *where, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "outer." in front of f->where; for a fault found inside an embedded object. */
void fault_inside(struct fault *f, const char *outer);

#endif
