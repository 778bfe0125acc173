/* SPDX-License-Identifier: Apache-2.0 */
/* pcid_package.h - a new PCID on its way to the TRE that holds the old one (5.2.5.7.3.3) */
#ifndef PCID_PACKAGE_H
#define PCID_PACKAGE_H

#include "msg/cose.h"

struct pcid_package {		/* RO to TRE: who and for whom in the clear, the PCID sealed */
	struct text ro, pcid;	/* pcid: that it takes the place of */
	uint64_t exp, iat;
	struct bytes nonce;	/* the registration nonce */
	struct bytes ueid;	/* of the device */
	struct text new_pcid;
	struct bytes key;	/* cose_thumbprint() of the sealing key */
	uint64_t counter;	/* of the packages for this PCID; ascends */
	struct bytes sealed;	/* the pcid, COSE_Encrypt; all the above is bound to it */
};

extern const struct record pcid_package_claims_record;
extern const struct record pcid_package_record;	/* COSE_Sign1 by the RO */

/* What of the claims is bound to the sealed part as external data: all but that part. Appends. */
void pcid_package_header(const struct pcid_package *p, struct buf *out);

#endif
