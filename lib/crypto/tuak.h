/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tuak.h - the functions f1 to f5* of 3GPP TS 35.231.
 *
 * Keccak-f[1600] on TUAK's padded state is what SHAKE256 does with the first
 * 96 bytes: after n iterations the output is the n-th block of 136 bytes that SHAKE256 gives.
 */
#ifndef TUAK_H
#define TUAK_H

#include <stddef.h>
#include <stdint.h>

enum { TUAK_TOPC = 32, TUAK_LEN_MAX = 32, TUAK_ITERATIONS_MAX = 255 };

struct tuak {			/* one subscriber; lengths in bytes */
	const uint8_t *k;
	size_t k_n;		/* 16 or 32 */
	const uint8_t *topc;	/* 32 bytes; TOPc, never TOP */
	unsigned iterations;	/* 1 to 255; TOPc was made with as many */
	size_t mac_n;		/* 8, 16 or 32 */
	size_t res_n;		/* 4, 8, 16 or 32 */
	size_t ck_n, ik_n;	/* 16 or 32 */
};

struct tuak_out {
	uint8_t mac_a[TUAK_LEN_MAX], mac_s[TUAK_LEN_MAX];	/* f1; f1* only when asked for */
	uint8_t res[TUAK_LEN_MAX], ck[TUAK_LEN_MAX], ik[TUAK_LEN_MAX], ak[6];
	uint8_t ak_s[6];					/* f5*, likewise */
};

/* sqn: 6 bytes, amf: 2. resync: f1* and f5* in place of f1. */
void tuak(const struct tuak *t, const uint8_t rand[static 16], const uint8_t sqn[static 6],
    const uint8_t amf[static 2], int resync, struct tuak_out *out);

/* TOPc from TOP, for K of k_n bytes and so many iterations. */
void tuak_topc(const uint8_t *k, size_t k_n, unsigned iterations, const uint8_t top[static TUAK_TOPC],
    uint8_t topc[static TUAK_TOPC]);

#endif
