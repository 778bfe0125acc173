/* SPDX-License-Identifier: Apache-2.0 */
/* rekey.h - a new credential for a MID that a TRE holds; see successor.h for the operator's side */
#ifndef REKEY_H
#define REKEY_H

#include "role/slot.h"

/* The MID of that operator, when it is not discarded.  Refused: [unknown-mid] [illegal-state]. */
bool rekey_find(const struct tre *t, struct text sho, struct text mid, struct slot *s,
    struct fault *f);

/*
 * Puts *mid, encoded in object, in the place of the MID in that slot, of which it may differ in its
 * credential and trial alone [wrong-mid].  The credential that was there goes on to be taken until
 * the new one has been used; the state does not change.
 */
bool rekey(const struct tre *t, const struct slot *s, const struct mid *mid, struct bytes object,
    struct fault *f);

/* Appends the MID, or pcid, with the credential before, if there is one. */
bool rekey_previous(const struct tre *t, struct text identity, struct buf *object, bool *found,
    struct fault *f);
/* The new one has been used: what was before is erased. */
bool rekey_proven(const struct tre *t, struct text identity, struct fault *f);

#endif
