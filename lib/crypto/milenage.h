/* SPDX-License-Identifier: Apache-2.0 */
/* milenage.h - the functions f1 to f5* of 3GPP TS 35.206 */
#ifndef MILENAGE_H
#define MILENAGE_H

#include <stdint.h>

enum { MILENAGE_BLOCK = 16 };

struct milenage_constants {	/* an operator's own; see milenage_standard; not owned */
	const uint8_t *r;		/* 5 rotations in bits; multiples of 8 are not required */
	const uint8_t (*c)[MILENAGE_BLOCK];	/* 5 blocks */
};
extern const struct milenage_constants milenage_standard;	/* r 64,0,32,64,96; c 0,1,2,4,8 */

struct milenage {		/* one subscriber */
	const uint8_t *k, *opc;	/* 16 bytes each; OPc, never OP */
	const struct milenage_constants *constants;
};

struct milenage_out {
	uint8_t mac_a[8], mac_s[8];	/* f1, f1*: for the sqn and amf given */
	uint8_t res[8], ck[16], ik[16], ak[6];	/* f2, f3, f4, f5 */
	uint8_t ak_s[6];		/* f5*; only when asked for */
};

/*
 * One key schedule, none for the key of last time; two cipher calls: TEMP, then all outputs side by side.
 * sqn: 6 bytes, amf: 2.  resync: f5* too, a block more.
 */
void milenage(const struct milenage *m, const uint8_t rand[static 16], const uint8_t sqn[static 6],
    const uint8_t amf[static 2], int resync, struct milenage_out *out);

/* OPc = E_K(OP) xor OP */
void milenage_opc(const uint8_t k[static 16], const uint8_t op[static 16], uint8_t opc[static 16]);

#endif
