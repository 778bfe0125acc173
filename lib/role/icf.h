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
	bool live;		/* else dormant, until activated */
	uint64_t not_before, not_after;
	struct list apns, destinations;
};

/* Refused: [already-known] unless the very same object is there already. */
bool icf_add(struct store *s, const struct account *a, struct fault *f);

/* Whether this very object is in the ledger. Refused: [unknown-identity], [already-known] with other data. */
bool icf_holds(struct store *s, struct text identity, struct bytes object, struct fault *f);

/* Dormant to live; live stays live. Refused: [unknown-identity]. */
bool icf_activate(struct store *s, struct text identity, struct fault *f);

/*
 * Answers a request: calls put for each vector, in the order of their SQNs.
 * The SQNs are taken in the ledger, durably before anything leaves; the same request again gets
 * the same vectors.  Refused: [unknown-identity] [dormant] [expired] [not-yet-valid] [wrong-auts]
 * [request-reused] [sqn-exhausted].
 */
bool icf_answer(struct store *s, const struct av_request *request, struct bytes encoded, uint64_t now,
    void (*put)(const struct av *), struct fault *f);

/* What a network may give this identity; *out: views until the end of the item. Refused: [unknown-identity]. */
bool icf_subscription(struct store *s, struct text identity, uint64_t now, struct subscription *out,
    struct fault *f);

#endif
