/* SPDX-License-Identifier: Apache-2.0 */
/* registration.h - what the RO says of an M2ME: where it belongs, and that it has come */
#ifndef REGISTRATION_H
#define REGISTRATION_H

#include "msg/cose.h"

struct referral {		/* RO (DRF) to M2ME: who its operator is and how to reach the roles */
	struct text ro, pcid;
	uint64_t exp, iat;
	struct bytes ueid;	/* of the device that asked */
	struct text sho, sho_address, dpf, dpf_address, pva, pva_address;	/* names; URLs may be absent */
};

struct registration {		/* RO to SHO and M2ME: opens one provisioning */
	struct text ro, pcid, sho;
	uint64_t exp, iat;
	struct bytes nonce;	/* 32 bytes: the registration nonce; one use */
	struct bytes ueid;
	struct text dpf, pva;
};

extern const struct record referral_claims_record, registration_claims_record;
extern const struct record referral_record, registration_record;	/* COSE_Sign1 by the RO */

#endif
