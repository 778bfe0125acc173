/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/kdf.h"

#include <stdio.h>

#include "crypto/digest.h"
#include "crypto/secret.h"

enum { HALF = 16, INPUT_MAX = 512 };

struct input {			/* FC || P0 || L0 || P1 || L1 ... */
	uint8_t s[INPUT_MAX];
	size_t n;
};

static void
add(struct input *in, const uint8_t *p, size_t n)
{
	memcpy(in->s + in->n, p, n);
	in->n += n;
	in->s[in->n++] = (uint8_t)(n >> 8);
	in->s[in->n++] = (uint8_t)n;
}

/* TS 33.220 B.2 under CK || IK */
static void
derive(const uint8_t *ck, const uint8_t *ik, const struct input *in, uint8_t out[static KDF_KEY])
{
	uint8_t key[2 * HALF];

	memcpy(key, ck, HALF);
	memcpy(key + HALF, ik, HALF);
	digest_hmac(BYTES(key), (struct bytes){ in->s, in->n }, out);
	secret_wipe(key, sizeof key);
}

static void
network_and_sqn(uint8_t fc, const uint8_t *ck, const uint8_t *ik, const uint8_t *network, size_t n,
    const uint8_t *sqn_ak, uint8_t out[static KDF_KEY])
{
	struct input in = { { fc }, 1 };

	add(&in, network, n);
	add(&in, sqn_ak, KDF_SQN);
	derive(ck, ik, &in, out);
}

void
kdf_kasme(const uint8_t *ck, const uint8_t *ik, const uint8_t sn_id[static KDF_SN_ID],
    const uint8_t *sqn_ak, uint8_t kasme[static KDF_KEY])
{
	network_and_sqn(0x10, ck, ik, sn_id, KDF_SN_ID, sqn_ak, kasme);
}

void
kdf_kausf(const uint8_t *ck, const uint8_t *ik, struct text serving_network, const uint8_t *sqn_ak,
    uint8_t kausf[static KDF_KEY])
{
	network_and_sqn(0x6a, ck, ik, serving_network.p, serving_network.n, sqn_ak, kausf);
}

void
kdf_prime(const uint8_t *ck, const uint8_t *ik, struct text access_network, const uint8_t *sqn_ak,
    uint8_t primes[static KDF_KEY])
{
	network_and_sqn(0x20, ck, ik, access_network.p, access_network.n, sqn_ak, primes);
}

/* The least significant half (TS 33.501 A.4). */
void
kdf_res_star(const uint8_t *ck, const uint8_t *ik, struct text serving_network, const uint8_t *rand,
    struct bytes res, uint8_t star[static KDF_RES_STAR])
{
	struct input in = { { 0x6b }, 1 };
	uint8_t out[KDF_KEY];

	add(&in, serving_network.p, serving_network.n);
	add(&in, rand, HALF);
	add(&in, res.p, res.n);
	derive(ck, ik, &in, out);
	memcpy(star, out + HALF, KDF_RES_STAR);
	secret_wipe(out, sizeof out);
	secret_wipe(&in, sizeof in);
}

void
kdf_hres_star(const uint8_t *rand, const uint8_t star[static KDF_RES_STAR],
    uint8_t hstar[static KDF_RES_STAR])
{
	uint8_t in[2 * HALF], out[DIGEST_LEN];

	memcpy(in, rand, HALF);
	memcpy(in + HALF, star, HALF);
	digest_sha256(BYTES(in), out);
	memcpy(hstar, out + HALF, KDF_RES_STAR);
	secret_wipe(in, sizeof in);
}

static uint8_t
digit(uint8_t c)
{
	return (uint8_t)(c - '0');
}

void
kdf_sn_id(struct text plmn, uint8_t id[static KDF_SN_ID])
{
	const uint8_t *mcc = plmn.p, *mnc = plmn.p + 4;
	uint8_t third = plmn.n == 7 ? digit(mnc[2]) : 0xf;

	id[0] = (uint8_t)(digit(mcc[1]) << 4 | digit(mcc[0]));
	id[1] = (uint8_t)(third << 4 | digit(mcc[2]));
	id[2] = (uint8_t)(digit(mnc[1]) << 4 | digit(mnc[0]));
}

struct text
kdf_serving_network(struct text plmn, char out[static SERVING_NETWORK_MAX])
{
	const char *p = (const char *)plmn.p;

	snprintf(out, SERVING_NETWORK_MAX, "5G:mnc%s%.*s.mcc%.3s.3gppnetwork.org", plmn.n == 7 ? "" : "0",
	    (int)plmn.n - 4, p + 4, p);
	return text_of(out);
}
