/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aka.h - authentication and key agreement, both sides (3GPP TS 33.102 6.3,
 * Annex C): vectors in the network, the card's checks, resynchronisation.
 *
 * SQN = SEQ || IND, 48 bits; IND is the low ind_bits of it, 5 unless said otherwise.
 */
#ifndef AKA_H
#define AKA_H

#include "base/bytes.h"
#include "crypto/milenage.h"

enum aka_algorithm { AKA_MILENAGE = 1, AKA_TUAK, AKA_XOR };	/* as the choice "algorithm" of credentials */

enum {
	AKA_RAND = 16, AKA_AUTN = 16, AKA_AUTS = 14, AKA_RES_MAX = 16, AKA_KEY = 16, AKA_AMF = 2,
	AKA_SQN = 6, AKA_IND_BITS = 5, AKA_IND_BITS_MAX = 8, AKA_SLOTS_MAX = 1 << AKA_IND_BITS_MAX
};
#define AKA_SQN_MAX ((UINT64_C(1) << 48) - 1)
#define AKA_DELTA (UINT64_C(1) << 28)		/* largest jump of SEQ a card accepts (C.2.1) */
#define AKA_SEPARATION 0x80			/* of the first byte of AMF: not for UMTS and GSM */

struct aka_keys {		/* of one subscriber; not owned */
	enum aka_algorithm algorithm;
	const uint8_t *k;
	size_t k_n;		/* 16; TUAK: or 32 */
	const uint8_t *opc;	/* MILENAGE: OPc, 16 bytes; TUAK: TOPc, 32 */
	struct milenage_constants constants;
	unsigned iterations;	/* TUAK: of Keccak, 1 to 255 */
	size_t res_n;		/* TUAK: bytes of RES, 4, 8 or 16 */
	unsigned ind_bits;	/* 0 to 8 */
	uint64_t delta;		/* the card: see AKA_DELTA */
	uint64_t age_limit;	/* the card: how far SEQ may lie behind the highest; 0: no limit (C.2.1) */
};

struct aka_vector {
	uint8_t rand[AKA_RAND], autn[AKA_AUTN];
	uint8_t res[AKA_RES_MAX];
	size_t res_n;
	uint8_t ck[AKA_KEY], ik[AKA_KEY];
};

/* The vector for v->rand, sqn and amf: fills the rest of *v. */
void aka_vector(const struct aka_keys *keys, uint64_t sqn, const uint8_t amf[static AKA_AMF],
    struct aka_vector *v);

struct aka_card {		/* SEQ_MS(i), the highest SEQ accepted per slot; all zero when fresh */
	uint64_t seq[AKA_SLOTS_MAX];
};

enum aka_answer { AKA_RESPONSE, AKA_MAC_FAILURE, AKA_SYNC_FAILURE };

/*
 * The card's side (6.3.3): the MAC first, then freshness (C.2); the array
 * moves only when both hold.  In: v->rand, v->autn.  AKA_RESPONSE: res, ck and ik are filled;
 * AKA_SYNC_FAILURE: auts is; AKA_MAC_FAILURE: nothing is.
 */
enum aka_answer aka_check(const struct aka_keys *keys, struct aka_card *card, struct aka_vector *v,
    uint8_t auts[static AKA_AUTS]);

/*
 * The network's side of a resynchronisation (6.3.5): recovers SQN_MS from AUTS
 * and the RAND it answers; false when MAC-S is wrong.
 */
bool aka_resync(const struct aka_keys *keys, const uint8_t rand[static AKA_RAND],
    const uint8_t auts[static AKA_AUTS], uint64_t *sqn_ms);

#endif
