/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/revocation.h"

/* 7 is not used. */
static const char *const words[] = {
	"unspecified", "keyCompromise", "cACompromise", "affiliationChanged", "superseded",
	"cessationOfOperation", "certificateHold", NULL, "removeFromCRL", "privilegeWithdrawn", "aACompromise"
};
enum { WORDS = sizeof words / sizeof words[0] };

bool
reason_read(const char *word, unsigned *reason)
{
	for (*reason = 0; *reason < WORDS; ++*reason)
		if (words[*reason] != NULL && strcmp(word, words[*reason]) == 0)
			return true;
	return false;
}

const char *
reason_spell(unsigned reason)
{
	return reason < WORDS && words[reason] != NULL ? words[reason] : "unknown reason";
}
