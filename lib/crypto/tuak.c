/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tuak.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/die.h"
#include "crypto/openssl.h"

enum { MESSAGE = 96, BLOCK = 136, OUTPUT_MAX = BLOCK * TUAK_ITERATIONS_MAX };

/* INSTANCE, most significant bit first: which function, how long its output, how long K (TS 35.231 6). */
enum { F1 = 0x00, F1_STAR = 0x80, F2345 = 0x40, F5_STAR = 0xc0, CK256 = 0x04, IK256 = 0x02, K256 = 0x01 };

/* TUAK counts bytes from the least significant end. */
static void
reverse(uint8_t *to, const uint8_t *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = from[n - 1 - i];
}

/* 64 bits: 08, 128: 10, 256: 20; 32: 00 */
static uint8_t
length_bits(size_t bytes)
{
	return (uint8_t)(bytes == 4 ? 0 : bytes);
}

/* Fetched once; an init without digest starts the kept one over. */
static EVP_MD_CTX *
shake256(void)
{
	static EVP_MD_CTX *ctx;

	if (ctx == NULL) {
		EVP_MD *md = EVP_MD_fetch(NULL, "SHAKE256", NULL);

		ctx = EVP_MD_CTX_new();
		if (md == NULL || ctx == NULL || EVP_DigestInit_ex2(ctx, md, NULL) != 1)
			die_world("SHAKE256 is not available");
	} else if (EVP_DigestInit_ex2(ctx, NULL, NULL) != 1)
		die_world("SHAKE256 cannot be set up");
	return ctx;
}

/* The state after so many permutations of the message; its first 136 bytes. */
static void
permute(const uint8_t message[static MESSAGE], unsigned iterations, uint8_t out[static BLOCK])
{
	static uint8_t all[OUTPUT_MAX];
	EVP_MD_CTX *ctx = shake256();

	if (EVP_DigestUpdate(ctx, message, MESSAGE) != 1 ||
	    EVP_DigestFinalXOF(ctx, all, (size_t)iterations * BLOCK) != 1)
		die_world("SHAKE256 failed");
	memcpy(out, all + (size_t)(iterations - 1) * BLOCK, BLOCK);
	OPENSSL_cleanse(all, (size_t)iterations * BLOCK);
}

/* The input of every function: TOP or TOPc, INSTANCE, name, RAND, AMF, SQN, K, zeros. */
static void
fill(uint8_t m[static MESSAGE], const uint8_t *top, uint8_t instance, const uint8_t *rand,
    const uint8_t *amf, const uint8_t *sqn, const uint8_t *k, size_t k_n)
{
	memset(m, 0, MESSAGE);
	reverse(m, top, TUAK_TOPC);
	m[32] = instance | (k_n == 32 ? K256 : 0);
	reverse(m + 33, (const uint8_t *)"TUAK1.0", 7);
	if (rand != NULL)
		reverse(m + 40, rand, 16);
	if (sqn != NULL) {
		reverse(m + 56, amf, 2);
		reverse(m + 58, sqn, 6);
	}
	reverse(m + 64, k, k_n);
}

void
tuak(const struct tuak *t, const uint8_t rand[static 16], const uint8_t sqn[static 6],
    const uint8_t amf[static 2], int resync, struct tuak_out *out)
{
	uint8_t m[MESSAGE], o[BLOCK];

	fill(m, t->topc, (resync ? F1_STAR : F1) | length_bits(t->mac_n), rand, amf, sqn, t->k, t->k_n);
	permute(m, t->iterations, o);
	reverse(resync ? out->mac_s : out->mac_a, o, t->mac_n);
	fill(m, t->topc, (uint8_t)(F2345 | length_bits(t->res_n) | (t->ck_n == 32 ? CK256 : 0) |
	    (t->ik_n == 32 ? IK256 : 0)), rand, NULL, NULL, t->k, t->k_n);
	permute(m, t->iterations, o);
	reverse(out->res, o, t->res_n);
	reverse(out->ck, o + 32, t->ck_n);
	reverse(out->ik, o + 64, t->ik_n);
	reverse(out->ak, o + 96, 6);
	if (resync) {
		fill(m, t->topc, F5_STAR, rand, NULL, NULL, t->k, t->k_n);
		permute(m, t->iterations, o);
		reverse(out->ak_s, o + 96, 6);
	}
	OPENSSL_cleanse(m, sizeof m);
	OPENSSL_cleanse(o, sizeof o);
}

void
tuak_topc(const uint8_t *k, size_t k_n, unsigned iterations, const uint8_t top[static TUAK_TOPC],
    uint8_t topc[static TUAK_TOPC])
{
	uint8_t m[MESSAGE], o[BLOCK];

	fill(m, top, 0, NULL, NULL, NULL, k, k_n);
	permute(m, iterations, o);
	reverse(topc, o, TUAK_TOPC);
	OPENSSL_cleanse(m, sizeof m);
}
