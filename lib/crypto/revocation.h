/* SPDX-License-Identifier: Apache-2.0 */
/* revocation.h - why a certificate holds no more (RFC 5280 5.3.1) */
#ifndef REVOCATION_H
#define REVOCATION_H

#include "base/bytes.h"

enum reason {			/* CRLReason */
	REASON_UNSPECIFIED = 0, REASON_KEY_COMPROMISE = 1, REASON_SUPERSEDED = 4, REASON_HOLD = 6,
	REASON_REMOVE = 8	/* removeFromCRL: the hold is lifted */
};

bool reason_read(const char *word, unsigned *reason);	/* "keyCompromise"; false: no such word */
const char *reason_spell(unsigned reason);		/* "unknown reason" for what is none */

struct revocation {		/* of one certificate */
	bool known, revoked;	/* whether it was issued; if so, whether it was revoked */
	unsigned reason;	/* these two when revoked */
	uint64_t since;
};

#endif
