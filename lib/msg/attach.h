/* SPDX-License-Identifier: Apache-2.0 */
/* attach.h - what passes between M2ME, VNO and ICF until there is restricted connectivity */
#ifndef ATTACH_H
#define ATTACH_H

#include "crypto/aka.h"
#include "wire/record.h"

enum { REQUEST_ID = 16, VECTORS_MAX = 32, UEID_BYTES_MAX = 33 };

struct attach_request {		/* M2ME to VNO, and to the RO once it is connected */
	struct text identity;	/* a PCID, or the IMSI of a MID */
	struct bytes ueid;	/* of the device; may be absent */
};

struct av_request {		/* VNO to ICF */
	struct text identity;
	struct bytes request;	/* 16 bytes, drawn once: asked again, the answer is the same */
	uint64_t kind;		/* choice: AV_UMTS */
	uint64_t count;		/* 1 to 32 */
	struct text plmn;	/* of the network that asks: "001-01" */
	struct bytes rand, auts;	/* both or neither: resynchronise (TS 33.102 6.3.5) */
};
enum { AV_UMTS = 1 };
extern const struct choices av_kinds;

struct av {			/* ICF to VNO, secret */
	struct text identity;
	struct bytes request;	/* the one it answers; absent from av-gen */
	uint64_t kind;
	struct bytes rand, autn, xres, ck, ik;
};

struct challenge {		/* VNO to M2ME */
	struct text identity;
	struct bytes rand, autn;
};

struct auth_response {		/* M2ME to VNO: exactly one of res, auts, failure */
	struct text identity;
	struct bytes rand;	/* of the challenge */
	struct bytes res, auts;
	uint64_t failure;	/* choice: 1 mac-failure */
};

struct subscription {		/* ICF to VNO: how far an identity's connectivity goes */
	struct text identity;
	uint64_t state;		/* choice: SUBSCRIPTION_... */
	struct list apns, destinations;	/* of text; none: nothing beyond signalling */
	uint64_t not_after;	/* 0: no such limit */
};
enum { SUBSCRIPTION_DORMANT = 1, SUBSCRIPTION_LIVE, SUBSCRIPTION_EXPIRED };
extern const struct choices subscription_states;

struct grant {			/* VNO: restricted connectivity, given */
	struct text identity;
	struct text plmn;	/* of the network that gives it */
	struct list apns, destinations;
	uint64_t not_after;
};

extern const struct record attach_request_record, av_request_record, av_record, challenge_record,
    auth_response_record, subscription_record, grant_record;
extern const struct field apn_element, destination_element;

#endif
