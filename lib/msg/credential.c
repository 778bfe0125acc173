/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/credential.h"

#include "crypto/random.h"
#include "crypto/secret.h"

static const char *const algorithm_words[] = { "milenage", "tuak", "xor" };
const struct choices aka_algorithms = CHOICES(algorithm_words);

static const struct field aka_options_fields[] = {
	FIELD(aka_options, 1, iterations, OPTIONAL, 1, 255),
	FIELD(aka_options, 2, res_length, OPTIONAL, 4, AKA_RES_MAX),
	FIELD(aka_options, 3, ind_bits, OPTIONAL, 1, AKA_IND_BITS_MAX),
	FIELD(aka_options, 4, delta, OPTIONAL, 1, AKA_SQN_MAX),
	FIELD(aka_options, 5, age_limit, OPTIONAL, 1, AKA_SQN_MAX),
};
const struct record aka_options_record =
    RECORD(aka_options, "aka-options", aka_options_fields, .type = NULL);

static uint64_t
or(uint64_t value, uint64_t standard)
{
	return value != 0 ? value : standard;
}

unsigned
credential_ind_bits(const struct credential *c)
{
	return (unsigned)or(c->options.ind_bits, AKA_IND_BITS);
}

struct aka_keys
credential_keys(const struct credential *c)
{
	struct aka_keys keys;	/* filled where it goes: an initializer would be copied there */

	keys.algorithm = (enum aka_algorithm)c->algorithm;
	keys.k = c->k.p;
	keys.k_n = c->k.n;
	keys.opc = c->algorithm == AKA_TUAK ? c->topc.p : c->opc.p;
	keys.constants = milenage_standard;
	keys.iterations = (unsigned)or(c->options.iterations, 1);
	keys.res_n = or(c->options.res_length, 8);
	keys.ind_bits = credential_ind_bits(c);
	keys.delta = or(c->options.delta, AKA_DELTA);
	keys.age_limit = c->options.age_limit;
	if (c->rotations.p != NULL) {
		keys.constants.r = c->rotations.p;
		keys.constants.c = (const uint8_t (*)[MILENAGE_BLOCK])c->xorings.p;
	}
	return keys;
}

size_t
credential_place(struct credential *c, size_t k_n, uint8_t secret[static CREDENTIAL_SECRET])
{
	size_t op_n = c->algorithm == AKA_MILENAGE ? 16 : c->algorithm == AKA_TUAK ? 32 : 0;

	c->k = (struct bytes){ secret, k_n };
	*(c->algorithm == AKA_TUAK ? &c->topc : &c->opc) =
	    (struct bytes){ op_n > 0 ? secret + k_n : NULL, op_n };
	return k_n + op_n;
}

void
credential_draw(struct credential *c, size_t k_n, uint8_t secret[static CREDENTIAL_SECRET])
{
	random_bytes(secret, credential_place(c, k_n, secret));
}

static bool
milenage_check(const struct credential *c, struct fault *f)
{
	if (c->k.n != 16)
		return fault_request(f, "k", "needs 16 bytes for MILENAGE, has %zu", c->k.n);
	if (c->opc.p == NULL)
		return fault_request(f, "opc", "is missing");
	if ((c->rotations.p == NULL) != (c->xorings.p == NULL))
		return fault_request(f, "xorings", "constants come both or not at all (TS 35.206 4)");
	for (size_t i = 0; i < c->rotations.n; i++)
		if (c->rotations.p[i] > 127)
			return fault_request(f, "rotations", "needs 0 to 127 bits, has %d", c->rotations.p[i]);
	return true;
}

static bool
tuak_check(const struct credential *c, struct fault *f)
{
	uint64_t n = c->options.res_length;

	if (c->k.n != 16 && c->k.n != 32)
		return fault_request(f, "k", "needs 16 or 32 bytes for TUAK, has %zu", c->k.n);
	if (c->topc.p == NULL)
		return fault_request(f, "topc", "is missing");
	if (n != 0 && n != 4 && n != 8 && n != 16)
		return fault_request(f, "options.res_length", "needs 4, 8 or 16 for TUAK, has %d", (int)n);
	return true;
}

bool
credential_check(const struct credential *c, struct fault *f)
{
	if (c->algorithm != AKA_MILENAGE && (c->opc.p != NULL || c->rotations.p != NULL ||
	    c->xorings.p != NULL))
		return fault_request(f, "opc", "opc and constants are for MILENAGE only");
	if (c->algorithm != AKA_TUAK && (c->topc.p != NULL || c->options.iterations != 0 ||
	    c->options.res_length != 0))
		return fault_request(f, "topc", "topc, iterations and res_length are for TUAK only");
	if (c->algorithm == AKA_MILENAGE)
		return milenage_check(c, f);
	if (c->algorithm == AKA_TUAK)
		return tuak_check(c, f);
	return c->k.n == 16 || fault_request(f, "k", "needs 16 bytes for XOR, has %zu", c->k.n);
}

struct alone {
	struct credential credential;
};

static bool
alone_check(const void *obj, struct fault *f)
{
	return credential_check(obj, f);
}

static const struct field alone_fields[] = { FIELD_CREDENTIAL(alone, credential, 1) };
const struct record credential_record =
    RECORD(alone, "credential", alone_fields, .check = alone_check);

/* K of the published test sets: TS 35.207, 35.208, 35.233, and examples of 5G, EPS and XOR. */
static const char *const samples[] = {
	"465b5ce8b199b49faa5f0a2ee238a6bc",
	"fec86ba6eb707ed08905757b1bb44b8f",
	"9e5944aea94b81165c82fbf9f32db751",
	"4ab1deb05ca6ceb051fc98e77d026a84",
	"6c38a116ac280c454f59332ee35c8c4f",
	"2d609d4db0ac5bf0d2c0de267014de0d",
	"a530a7fe428fad1082c45eddfce13884",
	"d9151cf04896e25830bf2e08267b8360",
	"a0e2971b6822e8d354a18cc235624ecb",
	"0da6f7ba86d5eac8a19cf563ac58642d",
	"77b45843c88e58c10d202684515ed430",
	"729b17729270dd87ccdf1bfe29b4e9bb",
	"d32dd23e89dc662354ca12eb79dd32fa",
	"af7c65e1927221de591187a2c5987a53",
	"5bd7ecd3d3127a41d12539bed4e7cf71",
	"6cd1c6ceb1e01e14f1b82316a90b7f3d",
	"b73a90cbcf3afb622dba83c58a8415df",
	"5122250214c33e723a5dd523fc145fc0",
	"90dca4eda45b53cf0f12d7c9c3bc6a89",
	"0396eb317b6d1c36f19c1c84cd6ffd16",
	"abababababababababababababababab",
	"fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0",
	"b8da837a50652d6ac7c97da14f6acc61",
	"1574ca56881d05c189c82880f789c9cd4244955f4426aa2b69c29f15770e5aa5",
	"000102030405060708090a0b0c0d0e0f",
	"fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0",
	"8baf473f2f8fd09487cccbd7097c6862",
	"00112233445566778899aabbccddeeff",
};

static bool
all_the_same(struct bytes k)
{
	uint8_t different = 0;

	for (size_t i = 1; i < k.n; i++)
		different |= k.p[i] ^ k.p[0];
	return different == 0;
}

/* What it is compared with is public: nothing to gain from the time it takes. */
static bool
is_sample(const struct credential *c)
{
	static struct buf keys[COUNT(samples)];

	for (size_t i = 0; i < COUNT(samples); i++) {
		if (keys[i].n == 0)
			hex_read(&keys[i], text_of(samples[i]));
		if (c->k.p[0] == keys[i].p[0] && bytes_equal(c->k, buf_bytes(&keys[i])))
			return true;
	}
	return all_the_same(c->k) || secret_equal(c->k, c->opc) || secret_equal(c->k, c->topc);
}

bool
credential_is_secret(const struct credential *c, bool allowed, struct fault *f)
{
	if (allowed)
		return true;
	if (c->algorithm == AKA_XOR)
		return fault_refuse(f, "test-algorithm", "algorithm", "xor is for tests; see --allow-test-keys");
	if (is_sample(c))
		return fault_refuse(f, "sample-key", "k", "is known to all the world; see --allow-test-keys");
	return true;
}
