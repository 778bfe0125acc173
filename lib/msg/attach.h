/* SPDX-License-Identifier: Apache-2.0 */
/* attach.h - what passes between M2ME, VNO and ICF until there is restricted connectivity */
#ifndef ATTACH_H
#define ATTACH_H

#include "crypto/aka.h"
#include "wire/record.h"

enum { REQUEST_ID = 16, VECTORS_MAX = 32, UEID_BYTES_MAX = 33, NETWORK_BYTES_MAX = 64 };

/* Kinds of vectors: which access they are for. */
enum { AV_UMTS = 1, AV_GSM, AV_EPS, AV_5G_HE, AV_5G_SE, AV_EAP_AKA_PRIME };
extern const struct choices av_kinds;

struct attach_request {		/* M2ME to VNO, and to the RO once it is connected */
	struct text identity;	/* a PCID, or the IMSI of a MID */
	struct bytes ueid;	/* of the device; may be absent */
};

struct av_request {		/* VNO to ICF */
	struct text identity;
	struct bytes request;	/* 16 bytes, drawn once: asked again, the answer is the same */
	uint64_t kind;		/* choice: AV_... */
	uint64_t count;		/* 1 to 32; 5G: 1 (TS 33.501 6.1.3.2) */
	struct text plmn;	/* of the network that asks: "001-01" */
	struct bytes rand, auts;	/* both or neither: resynchronise (TS 33.102 6.3.5) */
	struct text network;	/* eap-aka-prime: the access network's identity, "WLAN" */
};

struct av {			/* ICF to VNO, secret */
	struct text identity;
	struct bytes request;	/* the one it answers; absent from av-gen */
	uint64_t kind;
	struct bytes rand, autn;	/* autn: all but gsm */
	struct bytes xres;		/* umts, eps, eap-aka-prime */
	struct bytes ck, ik;		/* umts */
	struct bytes sres, kc;		/* gsm */
	struct bytes kasme;		/* eps */
	struct bytes xres_star, kausf;	/* 5g-he */
	struct bytes hxres_star;	/* 5g-se */
	struct bytes ck_prime, ik_prime;	/* eap-aka-prime */
	struct text plmn;		/* eps, 5g: the serving network it is bound to */
	struct text network;		/* eap-aka-prime: likewise the access network */
};

struct challenge {		/* VNO to M2ME */
	struct text identity;
	struct bytes rand, autn;	/* autn: all but gsm */
	uint64_t kind;		/* of the vector; absent: umts */
	struct text plmn;	/* 5g: the serving network, which RES* is bound to */
};

struct auth_response {		/* M2ME to VNO: exactly one of res, auts, failure */
	struct text identity;
	struct bytes rand;	/* of the challenge */
	struct bytes res;	/* gsm: SRES; 5g: RES* */
	struct bytes auts;
	uint64_t failure;	/* choice: FAILURE_... */
};

enum { FAILURE_MAC = 1, FAILURE_SEPARATION };

struct subscription {		/* ICF to VNO: how far an identity's connectivity goes */
	struct text identity;
	uint64_t state;		/* choice: SUBSCRIPTION_... */
	struct list apns, destinations;	/* of text; none: nothing beyond signalling */
	uint64_t not_after;	/* 0: no such limit */
};
enum { SUBSCRIPTION_DORMANT = 1, SUBSCRIPTION_LIVE, SUBSCRIPTION_EXPIRED,
	SUBSCRIPTION_QUARANTINED
};
extern const struct choices subscription_states;

struct grant {			/* VNO: restricted connectivity, given */
	struct text identity;
	struct text plmn;	/* of the network that gives it */
	struct list apns, destinations;
	uint64_t not_after;
};

/* Whether vectors of this kind demand the separation bit (TS 33.102 Annex H). */
bool vector_is_separated(uint64_t kind);

/* Faults (2) where a kind lacks what it is bound to; options: names options, not fields. */
bool vector_binding(uint64_t kind, struct text plmn, struct text network, bool options, struct fault *f);

extern const struct record attach_request_record, av_request_record, av_record, challenge_record,
    auth_response_record, subscription_record, grant_record;
extern const struct field apn_element, destination_element;

#endif
