/* SPDX-License-Identifier: Apache-2.0 */
/*
 * icf.h - the initial connectivity function: identities, their vectors and
 * their subscription data.  An SHO's authentication centre is the same thing.
 */
#ifndef ICF_H
#define ICF_H

#include "msg/attach.h"
#include "msg/credential.h"
#include "store/store.h"

struct account {		/* an identity as it enters the ledger */
	struct text identity;
	struct bytes object;	/* the pcid or mid, encoded */
	uint64_t sqn;		/* the first SQN to be used */
	unsigned ind_bits;	/* of it */
	bool live;		/* else dormant, until activated */
	uint64_t not_before, not_after;
	struct list apns, destinations;
};

/* Refused: [already-known] unless the very same object is there already. */
bool icf_add(struct store *s, const struct account *a, struct fault *f);

bool icf_unknown(struct text identity, struct fault *f);	/* false: [unknown-identity] */
bool icf_quarantined(struct text identity, struct fault *f);	/* false: [quarantined] */

/* Whether this very object is in the ledger. Refused: [unknown-identity], [already-known] with other data. */
bool icf_holds(struct store *s, struct text identity, struct bytes object, struct fault *f);

/* state: SUBSCRIPTION_DORMANT, _LIVE or _QUARANTINED. Refused: [unknown-identity]. */
bool icf_set_state(struct store *s, struct text identity, uint64_t state, struct fault *f);

/* Dormant to live; live stays live. Refused: [quarantined]; [unknown-identity]. */
bool icf_activate(struct store *s, struct text identity, struct fault *f);

/*
 * The separation bit of AMF in vectors for UMTS and GSM: clear, as TS 33.102 Annex H has it, so that CK and
 * IK never leave with it set; or as provisioned, for a peer that serves EAP-AKA and EAP-AKA' alike.
 */
enum icf_amf { ICF_AMF_BY_KIND, ICF_AMF_AS_PROVISIONED };

/*
 * Answers a request: calls put for each vector, in the order of their SQNs.
 * The SQNs are taken in the ledger, durably before anything leaves; the same request again gets the
 * same vectors, unless it has no id.  A genuine AUTS makes counting go on from the card's SQN, unless
 * the card would take what comes next anyhow; where it could not follow, counting is lowered to it
 * (TS 33.102 6.3.5): nothing else lowers it, nor does the same AUTS again.  Refused: [unknown-identity] [dormant] [quarantined]
 * [expired] [not-yet-valid] [wrong-auts] [request-reused] [sqn-exhausted].
 */
bool icf_answer(struct store *s, const struct av_request *request, struct bytes encoded, uint64_t now,
    enum icf_amf amf, void (*put)(const struct av *), struct fault *f);

/*
 * Takes the SQN that a card sent, so that it takes the next vectors; for a peer that sends
 * AUTS apart from its next request.  Refused: as icf_answer().
 */
bool icf_resync(struct store *s, struct text identity, struct bytes rand, struct bytes auts, uint64_t now,
    struct fault *f);

/* What a network may give this identity; *out: views until the end of the item. Refused: [unknown-identity]. */
bool icf_subscription(struct store *s, struct text identity, uint64_t now, struct subscription *out,
    struct fault *f);

#endif
