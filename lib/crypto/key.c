/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/die.h"
#include "crypto/openssl.h"
#include "crypto/random.h"
#include "crypto/secret.h"

enum { POINT = 1 + 2 * COORDINATE, ED25519 = 32 };

bool
key_is_p256(const EVP_PKEY *key)
{
	char name[32];

	return EVP_PKEY_is_a(key, "EC") &&
	    EVP_PKEY_get_group_name(key, name, sizeof name, NULL) == 1 &&
	    strcmp(name, "prime256v1") == 0;
}

/* --- DER ------------------------------------------------------------------- */

/*
 * The encodings that OpenSSL writes, and we: a constant, the private key, a
 * constant, the public key.  Taken apart here, because OpenSSL 3.0 asks all its
 * decoders in turn (openssl issue 15199): ten times as long.  Whatever
 * is encoded otherwise still goes to them.
 */
struct layout {
	struct bytes head, middle;
};

#define P256_NAME 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07
#define PUBLIC 0xa1, 0x44, 0x03, 0x42, 0x00

static const uint8_t pkcs8_head[] = {		/* RFC 5208, RFC 5480 */
	0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d,
	0x02, 0x01, P256_NAME, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20
};
static const uint8_t pkcs8_middle[] = { PUBLIC };
static const uint8_t sec1_head[] = {		/* RFC 5915 */
	0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20
};
static const uint8_t sec1_middle[] = { 0xa0, 0x0a, P256_NAME, PUBLIC };
static const uint8_t ed25519_head[] = {		/* RFC 8410; no public key */
	0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
	0x20
};

static const struct layout pkcs8 = {
	{ pkcs8_head, sizeof pkcs8_head }, { pkcs8_middle, sizeof pkcs8_middle }
};
static const struct layout sec1 = {
	{ sec1_head, sizeof sec1_head }, { sec1_middle, sizeof sec1_middle }
};

static bool
fits(struct bytes der, const struct layout *l)
{
	return der.n == l->head.n + COORDINATE + l->middle.n + POINT &&
	    memcmp(der.p, l->head.p, l->head.n) == 0 &&
	    memcmp(der.p + l->head.n + COORDINATE, l->middle.p, l->middle.n) == 0;
}

/* OpenSSL's parameters are numbers in the machine's byte order. */
static bool
to_native(const uint8_t number[static COORDINATE], uint8_t out[static COORDINATE])
{
	BIGNUM *n = BN_bin2bn(number, COORDINATE, NULL);
	bool ok = n != NULL && BN_bn2nativepad(n, out, COORDINATE) == COORDINATE;

	BN_clear_free(n);
	return ok;
}

static EVP_PKEY *
p256(const uint8_t private[static COORDINATE], const uint8_t point[static POINT])
{
	static EVP_PKEY_CTX *maker;
	uint8_t number[COORDINATE];
	char group[] = "P-256";
	OSSL_PARAM of[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, number, sizeof number),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)point, POINT),
		OSSL_PARAM_construct_end()
	};
	EVP_PKEY *key = NULL;

	if (maker == NULL && (maker = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL)) == NULL)
		die_world("cannot start P-256");
	if (to_native(private, number) && EVP_PKEY_fromdata_init(maker) == 1)
		EVP_PKEY_fromdata(maker, &key, EVP_PKEY_KEYPAIR, of);
	secret_wipe(number, sizeof number);
	return key;
}

static EVP_PKEY *
other_layout(struct bytes der)
{
	const unsigned char *end = der.p;
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &end, (long)der.n);

	if (key != NULL && end == der.p + der.n &&
	    (key_is_p256(key) || EVP_PKEY_is_a(key, "ED25519")))
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static EVP_PKEY *
decode(struct bytes der)
{
	const struct layout *l = fits(der, &pkcs8) ? &pkcs8 : fits(der, &sec1) ? &sec1 : NULL;

	if (l != NULL)
		return p256(der.p + l->head.n, der.p + der.n - POINT);
	if (der.n == sizeof ed25519_head + ED25519 &&
	    memcmp(der.p, ed25519_head, sizeof ed25519_head) == 0)
		return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
		    der.p + sizeof ed25519_head, ED25519);
	return other_layout(der);
}

EVP_PKEY *
key_from_der(struct bytes der)
{
	EVP_PKEY *key;

	random_start();
	key = decode(der);
	if (key == NULL)
		ERR_clear_error();
	return key;
}

static bool
private_number(EVP_PKEY *key, uint8_t out[static COORDINATE])
{
	BIGNUM *n = NULL;
	bool ok = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &n) == 1 &&
	    BN_bn2binpad(n, out, COORDINATE) == COORDINATE;

	BN_clear_free(n);
	return ok;
}

static bool
p256_to_der(EVP_PKEY *key, struct buf *out)
{
	uint8_t number[COORDINATE], point[POINT] = { 0x04 };
	bool ok = private_number(key, number);

	if (ok) {
		key_point(key, point + 1, point + 1 + COORDINATE);
		buf_add(out, pkcs8.head);
		buf_add(out, BYTES(number));
		buf_add(out, pkcs8.middle);
		buf_add(out, BYTES(point));
	}
	secret_wipe(number, sizeof number);
	return ok;
}

static bool
ed25519_to_der(EVP_PKEY *key, struct buf *out)
{
	uint8_t private[ED25519];
	size_t n = sizeof private;
	bool ok = EVP_PKEY_get_raw_private_key(key, private, &n) == 1 && n == sizeof private;

	if (ok) {
		buf_add(out, BYTES(ed25519_head));
		buf_add(out, BYTES(private));
	}
	secret_wipe(private, sizeof private);
	return ok;
}

void
key_to_der(EVP_PKEY *key, struct buf *out)
{
	if (key_is_p256(key) ? !p256_to_der(key, out) : !ed25519_to_der(key, out))
		die_world("cannot write out a private key");
}

/* --- points ---------------------------------------------------------------- */

static EVP_PKEY_CTX *
generator(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);

	if (ctx == NULL || EVP_PKEY_keygen_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_group_name(ctx, "P-256") != 1)
		die_world("cannot start P-256");
	return ctx;
}

EVP_PKEY *
key_new(void)
{
	static EVP_PKEY_CTX *ctx;
	EVP_PKEY *key = NULL;

	random_start();
	if (ctx == NULL)
		ctx = generator();
	if (EVP_PKEY_generate(ctx, &key) != 1)
		die_world("cannot make a key");
	return key;
}

/* P-256 without a key. */
static EVP_PKEY *
new_curve(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	char group[] = "P-256";
	OSSL_PARAM of[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_end()
	};
	EVP_PKEY *curve = NULL;

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &curve, EVP_PKEY_KEY_PARAMETERS, of) != 1)
		die_world("cannot start P-256");
	EVP_PKEY_CTX_free(ctx);
	return curve;
}

/*
 * Setting the point refuses coordinates out of range and points off the curve;
 * 0x04 excludes infinity, and the cofactor is 1: that is the partial validation
 * of SP 800-56A 5.6.2.3.4, and a third of the time of fromdata.
 */
static EVP_PKEY *
from_encoded(struct bytes point)
{
	static EVP_PKEY *curve;
	EVP_PKEY *key = EVP_PKEY_new();

	if (curve == NULL)
		curve = new_curve();
	if (key == NULL || EVP_PKEY_copy_parameters(key, curve) != 1)
		die_world("cannot make a key");
	if (EVP_PKEY_set1_encoded_public_key(key, point.p, point.n) == 1)
		return key;
	EVP_PKEY_free(key);
	ERR_clear_error();
	return NULL;
}

static bool
put_point(struct bytes x, struct bytes y, uint8_t point[static POINT])
{
	if (x.n != COORDINATE || y.n != COORDINATE)
		return false;
	*point = 0x04;
	memcpy(point + 1, x.p, COORDINATE);
	memcpy(point + 1 + COORDINATE, y.p, COORDINATE);
	return true;
}

EVP_PKEY *
key_from_point(struct bytes x, struct bytes y)
{
	uint8_t point[POINT];

	return put_point(x, y, point) ? from_encoded(BYTES(point)) : NULL;
}

EVP_PKEY *
key_in_passing(struct bytes x, struct bytes y)
{
	static EVP_PKEY *key;
	uint8_t point[POINT];

	if (!put_point(x, y, point))
		return NULL;
	if (key == NULL)
		return key = from_encoded(BYTES(point));
	if (EVP_PKEY_set1_encoded_public_key(key, point, POINT) == 1)
		return key;
	ERR_clear_error();
	return NULL;
}

/* Uncompressed, whichever form the key came in; false: it has no such thing. */
static bool
encode(EVP_PKEY *key, uint8_t point[static POINT])
{
	size_t n;

	return EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point, POINT,
	    &n) == 1 && n == POINT;
}

/* A key of an engine gives its point in compressed form alone. */
static bool
decompress(EVP_PKEY *key, uint8_t point[static POINT])
{
	EVP_PKEY *same = NULL;
	size_t n;
	bool ok = EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, POINT, &n) == 1 &&
	    (same = from_encoded((struct bytes){ point, n })) != NULL && encode(same, point);

	EVP_PKEY_free(same);
	return ok;
}

void
key_point(EVP_PKEY *key, uint8_t x[static COORDINATE], uint8_t y[static COORDINATE])
{
	uint8_t point[POINT];

	if (!encode(key, point) && !decompress(key, point))
		die_world("cannot read a public key");
	memcpy(x, point + 1, COORDINATE);
	memcpy(y, point + 1 + COORDINATE, COORDINATE);
}

bool
key_equal(const EVP_PKEY *a, const EVP_PKEY *b)
{
	bool equal = EVP_PKEY_eq(a, b) == 1;

	ERR_clear_error();	/* keys of two kinds */
	return equal;
}

void
key_free(EVP_PKEY *key)
{
	EVP_PKEY_free(key);
}
