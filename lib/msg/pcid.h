/* SPDX-License-Identifier: Apache-2.0 */
/* pcid.h - the provisional connectivity identity (5.2.5.6.3.1) and what networks are called */
#ifndef PCID_H
#define PCID_H

#include "msg/credential.h"

enum { IMSI_MAX = 15, PLMN_MAX = 7 };

struct pcid {			/* secret */
	struct text pcid;	/* 6 to 15 digits, in the form of an IMSI: MCC, MNC, the rest */
	struct text plmn;	/* "001-01": of the registration operator; says how long the MNC is */
	struct credential credential;
	uint64_t not_before, not_after;	/* 0: no such limit */
	struct text ro;		/* name of the registration operator */
	struct text batch;	/* may be absent */
};
extern const struct record pcid_record;

/* "001-01" or "001-001"; *f otherwise. where: the field. */
bool plmn_check(struct text plmn, const char *where, struct fault *f);
/* Whether an identity starts with the digits of a PLMN that was checked. */
bool plmn_owns(struct text plmn, struct text identity);

/* How many digits its MNC has. */
size_t plmn_mnc_length(struct text plmn);

#endif
