/* SPDX-License-Identifier: Apache-2.0 */
/* credential.h - the authentication part of a PCID and of a USIM, the same in both */
#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include "crypto/aka.h"
#include "wire/record.h"

struct aka_options {			/* what few operators change; all may be absent */
	uint64_t iterations;		/* TUAK: of Keccak; absent: 1 */
	uint64_t res_length;		/* TUAK: bytes of RES, 4, 8 or 16; absent: 8 */
	uint64_t ind_bits;		/* of SQN; absent: 5 */
	uint64_t delta;			/* the card's limit on a jump of SEQ; absent: 2^28 */
	uint64_t age_limit;		/* the card's limit on the age of SEQ; absent: none */
};

struct credential {
	uint64_t algorithm;		/* choice: AKA_MILENAGE ... */
	struct bytes k;			/* 16 bytes; TUAK: or 32 */
	struct bytes opc;		/* MILENAGE: 16 bytes; OPc, never OP */
	struct bytes topc;		/* TUAK: 32 bytes; TOPc, never TOP */
	struct bytes rotations;		/* MILENAGE: r1 to r5 in bits; absent: the standard's */
	struct bytes xorings;		/* MILENAGE: 80 bytes, c1 to c5; absent: the standard's */
	struct bytes amf;		/* 2 bytes */
	uint64_t sqn;			/* the first that the network uses, SEQ || IND */
	struct aka_options options;
};
extern const struct choices aka_algorithms;
extern const struct record aka_options_record;

/* Its lines in a table, inlined at keys first to first + 8. */
#define CREDENTIAL_BYTES(object, member, key, name, flags, min, max) \
	{ key, name, KIND_BYTES, flags, offsetof(struct object, member), min, max, \
	  NULL, NULL, NULL }
#define FIELD_CREDENTIAL(object, member, first) \
	{ first, "algorithm", KIND_WORD, REQUIRED, offsetof(struct object, member.algorithm), \
	  0, 0, NULL, &aka_algorithms, NULL }, \
	CREDENTIAL_BYTES(object, member.k, first + 1, "k", SECRET, 16, 32), \
	CREDENTIAL_BYTES(object, member.opc, first + 2, "opc", OPTIONAL | SECRET, 16, 16), \
	CREDENTIAL_BYTES(object, member.topc, first + 3, "topc", OPTIONAL | SECRET, 32, 32), \
	CREDENTIAL_BYTES(object, member.rotations, first + 4, "rotations", OPTIONAL, 5, 5), \
	CREDENTIAL_BYTES(object, member.xorings, first + 5, "xorings", OPTIONAL | SECRET, 80, 80), \
	CREDENTIAL_BYTES(object, member.amf, first + 6, "amf", REQUIRED, AKA_AMF, AKA_AMF), \
	{ first + 7, "sqn", KIND_UINT, REQUIRED, offsetof(struct object, member.sqn), \
	  0, AKA_SQN_MAX, NULL, NULL, NULL }, \
	{ first + 8, "options", KIND_RECORD, OPTIONAL, offsetof(struct object, member.options), \
	  0, 0, &aka_options_record, NULL, NULL }

/* The same as a record of its own; its struct is struct credential. */
extern const struct record credential_record;

/* The keys as the algorithms take them: views of c. */
struct aka_keys credential_keys(const struct credential *c);
unsigned credential_ind_bits(const struct credential *c);	/* of its SQN, the low ones */

enum { CREDENTIAL_SECRET = 64 };	/* room for K and OPc or TOPc */

/*
 * Makes K of k_n bytes, and OPc or TOPc where c->algorithm
 * has one, views of secret; answers the bytes of it.
 */
size_t credential_place(struct credential *c, size_t k_n, uint8_t secret[static CREDENTIAL_SECRET]);
/*
 * Draws a fresh K of k_n bytes, and OPc or TOPc where
 * c->algorithm has one, into secret; c holds views of it.
 */
void credential_draw(struct credential *c, size_t k_n, uint8_t secret[static CREDENTIAL_SECRET]);

/* Across fields: each algorithm has what it needs and nothing of another. */
bool credential_check(const struct credential *c, struct fault *f);

/*
 * Refuses what protects nobody, unless allowed: [sample-key] a K that all the
 * world knows (the published test sets', all zero, equal to OPc), [test-algorithm] XOR.
 */
bool credential_is_secret(const struct credential *c, bool allowed, struct fault *f);

#endif
