/* SPDX-License-Identifier: Apache-2.0 */
/* subscriber.h - what a pcid and a mid have in common: an identity and its credential */
#ifndef SUBSCRIBER_H
#define SUBSCRIBER_H

#include "msg/credential.h"
#include "wire/item.h"

/* Of a pcid or mid; views of it. False: it is neither, or malformed (2). */
bool subscriber_take(const struct item *item, struct text *identity, struct credential *c,
    struct fault *f);
/* The same of one that is encoded. */
bool subscriber_read(struct bytes object, struct text *identity, struct credential *c, struct fault *f);

/* Whether an identity is valid now.  not_after 0: without end.  Refused: [not-yet-valid] [expired]. */
bool subscriber_in_time(struct text identity, uint64_t not_before, uint64_t not_after, uint64_t now,
    struct fault *f);

#endif
