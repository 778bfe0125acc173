/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aesni-time - nanoseconds for a vector of MILENAGE, each of a new key, ours, and ours with the processor's
 * own AES in the place of OpenSSL's: nothing is printed where it has none
 */
#include "base/die.h"
#include "crypto/aes.h"
#include "timing.h"
#include "wire/record.h"

#ifdef __x86_64__
#include <immintrin.h>

#define FOR_AES __attribute__((target("aes")))
#define ROUND(to, from, rcon) to = next_key(from, _mm_aeskeygenassist_si128(from, rcon))

enum { ROUNDS_OF_AES = 10, AT_ONCE = 4 };

static __m128i key[ROUNDS_OF_AES + 1];

FOR_AES static inline __m128i
next_key(__m128i k, __m128i assist)
{
	k = _mm_xor_si128(k, _mm_slli_si128(k, 4));
	k = _mm_xor_si128(k, _mm_slli_si128(k, 8));
	return _mm_xor_si128(k, _mm_shuffle_epi32(assist, 0xff));
}

FOR_AES static inline void
set_round_keys(const uint8_t *k)
{
	key[0] = _mm_loadu_si128((const __m128i *)(const void *)k);
	ROUND(key[1], key[0], 0x01), ROUND(key[2], key[1], 0x02), ROUND(key[3], key[2], 0x04);
	ROUND(key[4], key[3], 0x08), ROUND(key[5], key[4], 0x10), ROUND(key[6], key[5], 0x20);
	ROUND(key[7], key[6], 0x40), ROUND(key[8], key[7], 0x80), ROUND(key[9], key[8], 0x1b);
	ROUND(key[10], key[9], 0x36);
}

FOR_AES static inline void
blocks(const uint8_t *in, uint8_t *out, int n)
{
	__m128i b[AT_ONCE];

	for (int i = 0; i < n; i++)
		b[i] = _mm_xor_si128(_mm_loadu_si128((const __m128i *)(const void *)in + i), key[0]);
	for (int r = 1; r < ROUNDS_OF_AES; r++)
		for (int i = 0; i < n; i++)
			b[i] = _mm_aesenc_si128(b[i], key[r]);
	for (int i = 0; i < n; i++)
		_mm_storeu_si128((__m128i *)(void *)out + i, _mm_aesenclast_si128(b[i], key[ROUNDS_OF_AES]));
}

FOR_AES static inline void
encrypt(const uint8_t *in, uint8_t *out, size_t n)
{
	if (n == AT_ONCE * AES_BLOCK)
		blocks(in, out, AT_ONCE);
	else
		for (; n > 0; n -= AES_BLOCK, in += AES_BLOCK, out += AES_BLOCK)
			blocks(in, out, 1);
}

/* All but the cipher is the library's own. */
#define aes_key(k) set_round_keys(k)
#define aes_encrypt(in, out, n) encrypt(in, out, n)
#define milenage(...) milenage_by_processor(__VA_ARGS__)
#define milenage_opc(...) opc_by_processor(__VA_ARGS__)
#define aka_vector(...) vector_by_processor(__VA_ARGS__)
#define aka_check(...) check_by_processor(__VA_ARGS__)
#define aka_resync(...) resync_by_processor(__VA_ARGS__)
#pragma GCC push_options
#pragma GCC target("aes")
#include "crypto/milenage.h"
#include "crypto/aka.h"
#include "crypto/milenage.c"
#include "crypto/aka.c"
#pragma GCC pop_options
#undef aka_vector

void aka_vector(const struct aka_keys *keys, uint64_t sqn, const uint8_t amf[static AKA_AMF],
    struct aka_vector *v);

static uint8_t k[BLOCK] = { 1 }, opc[BLOCK] = { 2 }, amf[AKA_AMF] = { 0x80 };
static struct aka_keys keys = { .algorithm = AKA_MILENAGE, .k = k, .k_n = BLOCK, .opc = opc };
static struct aka_vector by_openssl, by_aes_ni;

static void
ours(void)
{
	k[1]++;
	aka_vector(&keys, 32, amf, &by_openssl);
}

static void
processor(void)
{
	k[1]++;
	vector_by_processor(&keys, 32, amf, &by_aes_ni);
}

int
main(void)
{
	static const struct technique techniques[] = { { "ours", ours, 1 }, { "aes-ni", processor, 1 } };

	if (!__builtin_cpu_supports("aes"))
		return 0;
	keys.constants = milenage_standard;
	ours();
	k[1]--;
	processor();
	if (memcmp(&by_openssl, &by_aes_ni, sizeof by_openssl) != 0)
		die_world("the processor's vector is another");
	time_in_turn(techniques, COUNT(techniques));
	return fflush(stdout) == 0 ? 0 : 3;
}
#else
int
main(void)
{
	return 0;
}
#endif
