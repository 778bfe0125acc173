/* SPDX-License-Identifier: Apache-2.0 */
/* usim.h - the card's side of AKA, with the applications of a TRE */
#ifndef USIM_H
#define USIM_H

#include "msg/vector.h"
#include "role/application.h"

/*
 * Answers a challenge.  True with *out filled (views of *v and auts): a response; or false with f->answered set and *out
 * filled: the card or the equipment refuses the network, [mac-failure], [separation-bit] or [sync-failure] with AUTS.  The array of
 * SEQs moves in the store, before the answer leaves.  Refused without answer: [unknown-identity] [not-active] [expired].
 */
bool usim_auth(const struct tre *t, const struct challenge *c, uint64_t now, struct vector *v,
    uint8_t auts[static AKA_AUTS], struct auth_response *out, struct fault *f);

#endif
