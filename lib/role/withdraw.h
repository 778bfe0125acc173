/* SPDX-License-Identifier: Apache-2.0 */
/* withdraw.h - a TRE erases a MID for the operator whose it is */
#ifndef WITHDRAW_H
#define WITHDRAW_H

#include "role/tre.h"
#include "wire/item.h"

/*
 * Obeys an authorization to delete, and puts the discard notice into the stream; for the same MID
 * it puts the same notice again.  Of the MIDs of others it tells nothing.  Refused: as signed_open(),
 * [wrong-scope] [wrong-device] [unknown-mid] [wrong-nonce] [wrong-pcid] [wrong-dpf] [expired]
 * [not-yet-valid] [illegal-state] [not-permitted] [switch-under-way] [no-way-back] [no-plc].
 */
bool withdraw_take(const struct item *item, struct tre *t, uint64_t now, struct fault *f);

#endif
