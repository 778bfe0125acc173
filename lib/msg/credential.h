/* SPDX-License-Identifier: Apache-2.0 */
/* credential.h - the authentication part of a PCID and of a USIM, the same in both */
#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include "crypto/aka.h"
#include "wire/record.h"

struct credential {
	uint64_t algorithm;		/* choice: AKA_MILENAGE */
	struct bytes k, opc;		/* 16 bytes each; OPc, never OP */
	struct bytes rotations;		/* 5 bytes, r1 to r5 in bits; absent: the standard's */
	struct bytes xorings;		/* 80 bytes, c1 to c5; absent: the standard's */
	struct bytes amf;		/* 2 bytes */
	uint64_t sqn;			/* where the network's counting starts, SEQ || IND */
};
extern const struct choices aka_algorithms;

/* Its lines in a table, inlined at keys first to first + 7. */
#define CREDENTIAL_BYTES(object, member, key, name, flags, n) \
	{ key, name, KIND_BYTES, flags, offsetof(struct object, member), n, n, NULL, NULL, NULL }
#define FIELD_CREDENTIAL(object, member, first) \
	{ first, "algorithm", KIND_WORD, REQUIRED, offsetof(struct object, member.algorithm), \
	  0, 0, NULL, &aka_algorithms, NULL }, \
	CREDENTIAL_BYTES(object, member.k, first + 1, "k", SECRET, 16), \
	CREDENTIAL_BYTES(object, member.opc, first + 2, "opc", SECRET, 16), \
	CREDENTIAL_BYTES(object, member.rotations, first + 4, "rotations", OPTIONAL, 5), \
	CREDENTIAL_BYTES(object, member.xorings, first + 5, "xorings", OPTIONAL | SECRET, 80), \
	CREDENTIAL_BYTES(object, member.amf, first + 6, "amf", REQUIRED, AKA_AMF), \
	{ first + 7, "sqn", KIND_UINT, REQUIRED, offsetof(struct object, member.sqn), \
	  0, AKA_SQN_MAX, NULL, NULL, NULL }

/* The keys as the algorithms take them: views of c. */
struct aka_keys credential_keys(const struct credential *c);

/* Across fields: operator constants come both or not at all. */
bool credential_check(const struct credential *c, struct fault *f);

/* Known to all the world: the published test sets' K, all zero, K equal to OPc. */
bool credential_is_sample(const struct credential *c);

#endif
