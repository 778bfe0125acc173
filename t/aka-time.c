/* SPDX-License-Identifier: Apache-2.0 */
/* aka-time - nanoseconds for a vector of MILENAGE, and for the cipher alone */
#include <openssl/evp.h>

#include "base/die.h"
#include "crypto/milenage.h"
#include "timing.h"
#include "wire/record.h"

enum { SEVERAL = 5, BLOCK = MILENAGE_BLOCK };

static uint8_t k[BLOCK] = { 1 }, opc[BLOCK] = { 2 }, rnd[BLOCK], sqn[6], amf[2] = { 0x80 };
static EVP_CIPHER_CTX *ctx;

static void
vector(void)
{
	const struct milenage m = { k, opc, &milenage_standard };
	struct milenage_out o;

	rnd[0]++;
	milenage(&m, rnd, sqn, amf, 0, &o);
}

static void
vector_of_new_key(void)
{
	k[1]++;
	vector();
}

static void
several_of_new_key(void)
{
	vector_of_new_key();
	for (int i = 1; i < SEVERAL; i++)
		vector();
}

static void
encrypt(int n)
{
	static uint8_t blocks[SEVERAL * BLOCK];
	int done;

	if (EVP_EncryptUpdate(ctx, blocks, &done, blocks, n) != 1)
		die_world("AES-128 failed");
}

/* What no vector can do without, by the same library: a key, one block, then four that depend on it. */
static void
cipher_of_new_key(void)
{
	k[1]++;
	if (EVP_EncryptInit_ex2(ctx, NULL, k, NULL, NULL) != 1)
		die_world("AES-128 cannot be set up");
	encrypt(BLOCK);
	encrypt(4 * BLOCK);
}

static void
cipher(void)
{
	encrypt(BLOCK);
	encrypt(4 * BLOCK);
}

int
main(void)
{
	static const struct technique techniques[] = {
		{ "vector", vector_of_new_key, 1 }, { "vector-of-5", several_of_new_key, SEVERAL },
		{ "cipher", cipher_of_new_key, 1 }, { "cipher-same-key", cipher, 1 },
	};

	ctx = EVP_CIPHER_CTX_new();
	if (ctx == NULL || EVP_EncryptInit_ex(ctx, EVP_aes_128_ecb(), NULL, k, NULL) != 1)
		die_world("AES-128 is not available");
	time_in_turn(techniques, COUNT(techniques));
	return fflush(stdout) == 0 ? 0 : 3;
}
