/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/milenage.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/die.h"

enum { BLOCK = MILENAGE_BLOCK };

/* Fetched once; afterwards only the key changes: padding stays as it is, for setting it costs an init. */
static EVP_CIPHER_CTX *
aes(const uint8_t k[static BLOCK])
{
	static EVP_CIPHER_CTX *ctx;

	if (ctx == NULL) {
		EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-128-ECB", NULL);

		ctx = EVP_CIPHER_CTX_new();
		if (cipher == NULL || ctx == NULL || EVP_EncryptInit_ex2(ctx, cipher, k, NULL, NULL) != 1)
			die_world("AES-128 is not available");
		return ctx;
	}
	if (EVP_EncryptInit_ex2(ctx, NULL, k, NULL, NULL) != 1)
		die_world("AES-128 cannot be set up");
	return ctx;
}

static void
encrypt(EVP_CIPHER_CTX *ctx, const uint8_t *in, uint8_t *out, int n)
{
	int done;

	if (EVP_EncryptUpdate(ctx, out, &done, in, n) != 1 || done != n)
		die_world("AES-128 failed");
}

static void
xor(uint8_t *out, const uint8_t *a, const uint8_t *b)
{
	for (int i = 0; i < BLOCK; i++)
		out[i] = a[i] ^ b[i];
}

/* Cyclic, towards the most significant bit (TS 35.206 2.2). */
static void
rotate(uint8_t *out, const uint8_t *in, unsigned bits)
{
	unsigned bytes = bits / 8 % BLOCK, rest = bits % 8;

	if (rest == 0) {	/* all standard rotations */
		memcpy(out, in + bytes, BLOCK - bytes);
		memcpy(out + BLOCK - bytes, in, bytes);
		return;
	}
	for (unsigned i = 0; i < BLOCK; i++) {
		unsigned two = (unsigned)in[(i + bytes) % BLOCK] << 8 | in[(i + bytes + 1) % BLOCK];

		out[i] = (uint8_t)(two >> (8 - rest));
	}
}

/* IN1 = SQN || AMF || SQN || AMF; the block is rot(IN1 xor OPc, r1) xor TEMP xor c1. */
static void
first_block(uint8_t *out, const struct milenage *m, const uint8_t *temp, const uint8_t *sqn,
    const uint8_t *amf)
{
	uint8_t in[BLOCK];

	memcpy(in, sqn, 6);
	memcpy(in + 6, amf, 2);
	memcpy(in + 8, in, 8);
	xor(in, in, m->opc);
	rotate(out, in, m->constants->r[0]);
	xor(out, out, temp);
	xor(out, out, m->constants->c[0]);
}

void
milenage(const struct milenage *m, const uint8_t rand[static 16], const uint8_t sqn[static 6],
    const uint8_t amf[static 2], int resync, struct milenage_out *out)
{
	int blocks = resync ? 5 : 4;
	uint8_t temp[BLOCK], keyed[BLOCK], b[5 * BLOCK];
	EVP_CIPHER_CTX *ctx = aes(m->k);

	xor(temp, rand, m->opc);
	encrypt(ctx, temp, temp, BLOCK);
	first_block(b, m, temp, sqn, amf);
	xor(keyed, temp, m->opc);
	for (int i = 1; i < blocks; i++) {
		rotate(b + i * BLOCK, keyed, m->constants->r[i]);
		xor(b + i * BLOCK, b + i * BLOCK, m->constants->c[i]);
	}
	encrypt(ctx, b, b, blocks * BLOCK);
	for (int i = 0; i < blocks; i++)
		xor(b + i * BLOCK, b + i * BLOCK, m->opc);
	memcpy(out->mac_a, b, 8);
	memcpy(out->mac_s, b + 8, 8);
	memcpy(out->ak, b + BLOCK, 6);
	memcpy(out->res, b + BLOCK + 8, 8);
	memcpy(out->ck, b + 2 * BLOCK, 16);
	memcpy(out->ik, b + 3 * BLOCK, 16);
	if (resync)
		memcpy(out->ak_s, b + 4 * BLOCK, 6);
	OPENSSL_cleanse(temp, sizeof temp);
	OPENSSL_cleanse(keyed, sizeof keyed);
	OPENSSL_cleanse(b, sizeof b);
}

void
milenage_opc(const uint8_t k[static 16], const uint8_t op[static 16], uint8_t opc[static 16])
{
	uint8_t e[BLOCK];

	encrypt(aes(k), op, e, BLOCK);
	xor(opc, e, op);
}
