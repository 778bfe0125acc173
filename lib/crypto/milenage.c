/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/milenage.h"

#include <endian.h>
#include <string.h>

#include "crypto/aes.h"
#include "crypto/secret.h"

enum { BLOCK = MILENAGE_BLOCK };

/* --- blocks as numbers of 128 bits ----------------------------------------------- */

struct block {
	uint64_t high, low;
};

static struct block
load(const uint8_t *p)
{
	struct block b;

	memcpy(&b, p, BLOCK);
	return (struct block){ be64toh(b.high), be64toh(b.low) };
}

static void
store(uint8_t *p, struct block b)
{
	b = (struct block){ htobe64(b.high), htobe64(b.low) };
	memcpy(p, &b, BLOCK);
}

static struct block
xor(struct block a, struct block b)
{
	return (struct block){ a.high ^ b.high, a.low ^ b.low };
}

/* Cyclic, towards the most significant bit (TS 35.206 2.2). */
static struct block
rotate(struct block b, unsigned bits)
{
	unsigned n = bits % 64;

	if (bits & 64)
		b = (struct block){ b.low, b.high };
	if (n == 0)
		return b;
	return (struct block){ b.high << n | b.low >> (64 - n), b.low << n | b.high >> (64 - n) };
}

/* --- the functions ------------------------------------------------------------------- */

/* IN1 = SQN || AMF || SQN || AMF */
static struct block
first_input(const uint8_t *sqn, const uint8_t *amf)
{
	uint8_t both[8];
	uint64_t half;

	memcpy(both, sqn, 6);
	memcpy(both + 6, amf, 2);
	memcpy(&half, both, sizeof half);
	half = be64toh(half);
	return (struct block){ half, half };
}

void
milenage(const struct milenage *m, const uint8_t rand[static 16], const uint8_t sqn[static 6],
    const uint8_t amf[static 2], int resync, struct milenage_out *out)
{
	const struct milenage_constants *by = m->constants;
	int blocks = resync ? 5 : 4;
	struct block opc = load(m->opc), temp, turned;
	uint8_t b[5 * BLOCK];

	aes_key(m->k);
	store(b, xor(load(rand), opc));
	aes_encrypt(b, b, BLOCK);
	temp = load(b);
	turned = xor(temp, rotate(xor(first_input(sqn, amf), opc), by->r[0]));
	store(b, xor(turned, load(by->c[0])));
	for (int i = 1; i < blocks; i++) {
		turned = rotate(xor(temp, opc), by->r[i]);
		store(b + i * BLOCK, xor(turned, load(by->c[i])));
	}
	aes_encrypt(b, b, (size_t)blocks * BLOCK);
	for (int i = 0; i < blocks; i++)
		store(b + i * BLOCK, xor(load(b + i * BLOCK), opc));
	memcpy(out->mac_a, b, 8);
	memcpy(out->mac_s, b + 8, 8);
	memcpy(out->ak, b + BLOCK, 6);
	memcpy(out->res, b + BLOCK + 8, 8);
	memcpy(out->ck, b + 2 * BLOCK, 16);
	memcpy(out->ik, b + 3 * BLOCK, 16);
	if (resync)
		memcpy(out->ak_s, b + 4 * BLOCK, 6);
	secret_wipe(b, sizeof b);
}

void
milenage_opc(const uint8_t k[static 16], const uint8_t op[static 16], uint8_t opc[static 16])
{
	uint8_t e[BLOCK];

	aes_key(k);
	aes_encrypt(op, e, BLOCK);
	store(opc, xor(load(e), load(op)));
	secret_wipe(e, sizeof e);
}
