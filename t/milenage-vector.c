/* SPDX-License-Identifier: Apache-2.0 */
/*
 * milenage-vector fast|slow|opc|resync|sample - one case a line in, its result a line out
 *	fast, slow: k opc rand sqn amf [rotations xorings]	f1 f1* f2 f3 f4 f5 f5*
 *	opc: k op						opc
 *	resync: k opc rand auts					sqn_ms, or -
 *	sample: k opc						known or secret
 * slow follows the words of TS 35.206 4.1 bit by bit, one cipher call at a time.
 */
#include <openssl/evp.h>

#include "crypto/aka.h"
#include "lines.h"
#include "msg/credential.h"

enum { BLOCK = 16, BITS = 128 };

static const uint8_t *
constant(char *field[], size_t n, size_t at, const uint8_t *standard, size_t bytes)
{
	return n > at ? unhex_n(field[at], bytes) : standard;
}

static void
put_all(const struct milenage_out *o)
{
	const struct bytes all[] = { BYTES(o->mac_a), BYTES(o->mac_s), BYTES(o->res), BYTES(o->ck),
	    BYTES(o->ik), BYTES(o->ak), BYTES(o->ak_s) };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		printf(i ? " " : "");
		put_hex(all[i]);
	}
	printf("\n");
}

static void
fast(char *field[], size_t n)
{
	const struct milenage_constants constants = {
		constant(field, n, 5, milenage_standard.r, 5),
		(const uint8_t (*)[BLOCK])constant(field, n, 6, milenage_standard.c[0], 5 * BLOCK)
	};
	struct milenage_out o;

	milenage(&(struct milenage){ unhex_n(field[0], BLOCK), unhex_n(field[1], BLOCK), &constants },
	    unhex_n(field[2], BLOCK), unhex_n(field[3], 6), unhex_n(field[4], 2), 1, &o);
	put_all(&o);
}

/* --- the reference ----------------------------------------------------------- */

static void
cipher(const uint8_t *k, const uint8_t *in, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;

	if (EVP_EncryptInit_ex(ctx, EVP_aes_128_ecb(), NULL, k, NULL) != 1 ||
	    EVP_EncryptUpdate(ctx, out, &n, in, BLOCK) != 1)
		die_world("no AES");
	EVP_CIPHER_CTX_free(ctx);
}

static void
add(uint8_t *to, const uint8_t *what)
{
	for (int i = 0; i < BLOCK; i++)
		to[i] ^= what[i];
}

/* "x[i] = y[i + r], if i + r < 128; x[i] = y[i + r - 128] otherwise; x[0] is the most significant bit" */
static void
turn(uint8_t *block, unsigned r)
{
	uint8_t y[BLOCK];

	memcpy(y, block, BLOCK);
	memset(block, 0, BLOCK);
	for (unsigned i = 0; i < BITS; i++) {
		unsigned from = (i + r) % BITS;

		if (y[from / 8] >> (7 - from % 8) & 1)
			block[i / 8] |= (uint8_t)(1 << (7 - i % 8));
	}
}

static void
slow(char *field[], size_t n)
{
	const uint8_t *k = unhex_n(field[0], BLOCK), *opc = unhex_n(field[1], BLOCK);
	const uint8_t *r = constant(field, n, 5, milenage_standard.r, 5);
	const uint8_t *c = constant(field, n, 6, milenage_standard.c[0], 5 * BLOCK);
	uint8_t temp[BLOCK], in1[BLOCK], out[5][BLOCK];
	struct milenage_out o;

	memcpy(temp, unhex_n(field[2], BLOCK), BLOCK);
	add(temp, opc);
	cipher(k, temp, temp);
	for (size_t half = 0; half < BLOCK; half += 8) {
		memcpy(in1 + half, unhex_n(field[3], 6), 6);
		memcpy(in1 + half + 6, unhex_n(field[4], 2), 2);
	}
	for (size_t i = 0; i < 5; i++) {
		memcpy(out[i], i == 0 ? in1 : temp, BLOCK);
		add(out[i], opc);
		turn(out[i], r[i]);
		if (i == 0)
			add(out[i], temp);
		add(out[i], c + i * BLOCK);
		cipher(k, out[i], out[i]);
		add(out[i], opc);
	}
	memcpy(o.mac_a, out[0], 8);
	memcpy(o.mac_s, out[0] + 8, 8);
	memcpy(o.res, out[1] + 8, 8);
	memcpy(o.ak, out[1], 6);
	memcpy(o.ck, out[2], BLOCK);
	memcpy(o.ik, out[3], BLOCK);
	memcpy(o.ak_s, out[4], 6);
	put_all(&o);
}

/* --- the others -------------------------------------------------------------- */

static void
opc(char *field[], size_t n)
{
	uint8_t out[BLOCK];

	(void)n;
	milenage_opc(unhex_n(field[0], BLOCK), unhex_n(field[1], BLOCK), out);
	put_hex(BYTES(out));
	printf("\n");
}

static void
resync(char *field[], size_t n)
{
	struct aka_keys keys = { .algorithm = AKA_MILENAGE, .k = unhex_n(field[0], BLOCK), .k_n = BLOCK,
	    .opc = unhex_n(field[1], BLOCK), .constants = milenage_standard };
	uint64_t sqn;

	(void)n;
	if (aka_resync(&keys, unhex_n(field[2], BLOCK), unhex_n(field[3], AKA_AUTS), &sqn))
		printf("%012llx\n", (unsigned long long)sqn);
	else
		printf("-\n");
}

static void
sample(char *field[], size_t n)
{
	struct credential c = { .algorithm = AKA_MILENAGE, .k = unhex(field[0]), .opc = unhex(field[1]) };
	struct fault f;

	(void)n;
	printf("%s\n", credential_is_secret(&c, false, &f) ? "secret" : "known");
}

int
main(int argc, char *argv[])
{
	static const struct { const char *name; void (*run)(char *field[], size_t n); size_t least; } kinds[] = {
		{ "fast", fast, 5 }, { "slow", slow, 5 }, { "opc", opc, 2 }, { "resync", resync, 4 },
		{ "sample", sample, 2 },
	};
	char *field[FIELDS];
	size_t kind = 0, n;

	while (argc == 2 && kind < COUNT(kinds) && strcmp(argv[1], kinds[kind].name) != 0)
		kind++;
	if (argc != 2 || kind == COUNT(kinds))
		die_request("needs fast, slow, opc, resync or sample");
	while ((n = next_case(field)) > 0) {
		if (n < kinds[kind].least)
			die_request("a line of %zu fields is too short", n);
		kinds[kind].run(field, n);
	}
	return fflush(stdout) == 0 ? 0 : 3;
}
