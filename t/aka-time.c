/* SPDX-License-Identifier: Apache-2.0 */
/* aka-time - nanoseconds for a vector of MILENAGE and of TUAK, and for what OpenSSL does of each */
#include <openssl/evp.h>

#include "base/die.h"
#include "crypto/aes.h"
#include "crypto/aka.h"
#include "timing.h"
#include "wire/record.h"

enum { BLOCK = MILENAGE_BLOCK, TUAK_MESSAGE = 96, TUAK_OUTPUT = 136 };

static uint8_t k[BLOCK] = { 1 }, opc[2 * BLOCK] = { 2 }, amf[AKA_AMF] = { 0x80 };
static struct aka_keys keys = { .k = k, .k_n = BLOCK, .opc = opc, .iterations = 1, .res_n = 8 };
static EVP_CIPHER_CTX *cipher;
static EVP_MD_CTX *digest;

static void
vector(enum aka_algorithm algorithm)
{
	static struct aka_vector v;

	k[1]++;
	keys.algorithm = algorithm;
	aka_vector(&keys, 32, amf, &v);
}

static void milenage_vector(void) { vector(AKA_MILENAGE); }
static void tuak_vector(void) { vector(AKA_TUAK); }

/* What no vector can do without: a key, one block, then four that depend on it. */
static void
aes(void)
{
	static uint8_t blocks[5 * BLOCK];

	k[1]++;
	aes_key(k);
	aes_encrypt(blocks, blocks, BLOCK);
	aes_encrypt(blocks, blocks, 4 * BLOCK);
}

static void
encrypt(int n)
{
	static uint8_t blocks[5 * BLOCK];
	int done;

	if (EVP_EncryptUpdate(cipher, blocks, &done, blocks, n) != 1)
		die_world("AES-128 failed");
}

static void
aes_by_evp(void)
{
	k[1]++;
	if (EVP_EncryptInit_ex2(cipher, NULL, k, NULL, NULL) != 1)
		die_world("AES-128 cannot be set up");
	encrypt(BLOCK);
	encrypt(4 * BLOCK);
}

/* Likewise for TUAK: f1, then f2 to f5. */
static void
shake(void)
{
	static uint8_t message[TUAK_MESSAGE], out[TUAK_OUTPUT];

	for (int i = 0; i < 2; i++)
		if (EVP_DigestInit_ex2(digest, NULL, NULL) != 1 ||
		    EVP_DigestUpdate(digest, message, sizeof message) != 1 ||
		    EVP_DigestFinalXOF(digest, out, sizeof out) != 1)
			die_world("SHAKE256 failed");
}

int
main(void)
{
	static const struct technique techniques[] = {
		{ "milenage", milenage_vector, 1 }, { "aes", aes, 1 }, { "evp", aes_by_evp, 1 },
		{ "tuak", tuak_vector, 1 }, { "shake", shake, 1 },
	};

	keys.constants = milenage_standard;
	cipher = EVP_CIPHER_CTX_new();
	digest = EVP_MD_CTX_new();
	if (cipher == NULL || EVP_EncryptInit_ex(cipher, EVP_aes_128_ecb(), NULL, k, NULL) != 1 ||
	    digest == NULL || EVP_DigestInit_ex2(digest, EVP_shake256(), NULL) != 1)
		die_world("AES-128 or SHAKE256 is not available");
	time_in_turn(techniques, COUNT(techniques));
	return fflush(stdout) == 0 ? 0 : 3;
}
