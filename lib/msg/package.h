/* SPDX-License-Identifier: Apache-2.0 */
/* package.h - a MID on its way: authorised and sealed by the SHO, delivered by the DPF, reported by the TRE */
#ifndef PACKAGE_H
#define PACKAGE_H

#include "msg/cose.h"

struct authorization {		/* SHO to DPF: a CWT */
	struct text sho, pcid, aud;	/* aud: the DPF */
	uint64_t exp, iat;
	uint64_t scope;		/* choice: OPERATION_... */
	struct bytes nonce;	/* the registration nonce */
	struct bytes ueid;	/* to delete: the device, and its MID; else absent */
	struct text mid;
};

struct mid_package {		/* SHO to TRE: who and for whom in the clear, what sealed */
	struct text sho, pcid;
	uint64_t exp, iat;
	struct bytes nonce;	/* the registration nonce; absent: prepared ahead of time */
	struct bytes key;	/* cose_thumbprint() of the sealing key; absent of what was made before */
	struct bytes device;	/* package_device(); absent when the MID has no device token */
	struct text mid;	/* the MID's id */
	uint64_t counter;	/* of the SHO's packages for this PCID; ascends */
	struct bytes sealed;	/* the mid, COSE_Encrypt or CMS; all the above is bound to it */
};

struct delivery {		/* DPF to TRE */
	struct text dpf, pcid;
	uint64_t iat;
	struct bytes nonce;
	uint64_t operation;	/* choice: OPERATION_... */
	struct bytes authorization, package;	/* as signed by the SHO */
	struct bytes cms;	/* in place of package: the alternative envelope */
};

struct report {			/* TRE to DPF to SHO */
	struct text pcid, sho;
	uint64_t iat;
	struct bytes nonce, ueid;
	struct text mid;
	uint64_t counter;	/* of the package */
	uint64_t result;	/* choice: RESULT_... */
	struct text reason;	/* the reason word of a refusal */
	struct bytes ack;	/* of what was discarded, by the old operator; absent: it did not answer */
	bool active;		/* of what was installed: there was nothing to choose */
};

enum { OPERATION_INSTALL = 1, OPERATION_UPDATE, OPERATION_DELETE };
enum { RESULT_INSTALLED = 1, RESULT_REFUSED, RESULT_ACTIVATED,
	RESULT_DISCARDED,	/* the old one */
	RESULT_UPDATED
};
extern const struct choices operations, results;

extern const struct record authorization_claims_record, mid_package_claims_record,
    delivery_claims_record, report_claims_record;
/* COSE_Sign1 by SHO, SHO, DPF, TRE */
extern const struct record authorization_record, mid_package_record, delivery_record, report_record;

/*
 * The device as its operator names it to it, and to nobody else: HMAC-SHA-256 of "m2mkit device"
 * and the UEID under the MID's device token, which stands in the sealed part.
 */
void package_device(struct bytes token, struct bytes ueid, uint8_t out[static DIGEST_LEN]);

/* What of a package's claims is bound to the sealed part as external data: all but that part. Appends. */
void mid_package_header(const struct mid_package *p, struct buf *out);
bool mid_package_read_header(struct bytes header, struct mid_package *p, struct fault *f);

struct bytes delivery_package(const struct delivery *d);	/* the one or the other */

#endif
