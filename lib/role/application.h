/* SPDX-License-Identifier: Apache-2.0 */
/* application.h - the USIM applications inside a TRE: the PCID's, and the MIDs' */
#ifndef APPLICATION_H
#define APPLICATION_H

#include "crypto/aka.h"
#include "msg/inventory.h"
#include "role/tre.h"

/*
 * A USIM application: the PCID's, or a MID's.  object: the pcid or mid, encoded.
 * [already-known] when the identity is there with other content.
 */
struct application {
	struct text identity;
	bool pcid;
	bool isim;		/* a MID without a USIM: for IMS, no network is attached to with it */
	struct text ro;		/* of the PCID */
	struct text sho, mid;	/* of a MID */
	struct bytes nonce;	/* of the registration that brought it; of the first PCID: absent */
	uint64_t counter;	/* of its package */
	uint64_t not_before, not_after;	/* 0: no such limit */
	struct bytes object;
};
/* A PCID is active; a MID only created, see slot_begin(). */
bool application_add(const struct tre *t, const struct application *a, struct fault *f);

/*
 * Appends the object of the application that answers to identity.  Refused: [unknown-identity] [not-active]
 * [not-yet-valid] [expired].
 */
bool application_open(const struct tre *t, struct text identity, uint64_t now, struct buf *object,
    struct fault *f);

/*
 * Who the M2ME attaches as: the active USIM, else a new PCID that was not used yet, else the PCID;
 * the first of them that is valid.  *identity: a view until the end of the item.
 * Refused: [no-identity] [not-yet-valid] [expired].
 */
enum attach_as { ATTACH_BEST, ATTACH_PCID /* either */, ATTACH_FORMER /* not the new one */ };
bool application_attaching(const struct tre *t, enum attach_as as, uint64_t now,
    struct text *identity, struct fault *f);
/*
 * The PCID that is wanted, if it is there, else any; and the registration operator it is of.
 * Refused: [no-pcid].
 */
bool application_pcid(const struct tre *t, struct text wanted, struct text *identity,
    struct text *ro, struct fault *f);

/* The SEQ array of an application, as TS 33.102 C.2 keeps it. */
bool application_read_card(const struct tre *t, struct text identity, struct aka_card *card, struct fault *f);
bool application_write_slot(const struct tre *t, struct text identity, uint64_t ind, uint64_t seq,
    struct fault *f);

/* What it holds, without secrets: calls put once. */
bool application_inventory(const struct tre *t, void (*put)(const struct inventory *), struct fault *f);

#endif
