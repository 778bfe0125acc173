/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sign.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/die.h"
#include "crypto/digest.h"
#include "crypto/openssl.h"
#include "crypto/token.h"
#include "crypto/tpm.h"

/* --- ES256 ----------------------------------------------------------------- */

/* SEQUENCE { INTEGER r, INTEGER s }, each of at most 33 bytes, is no longer than SIGNATURE_X509. */

struct kept {
	EVP_PKEY *key;		/* held by ctx, so that its address cannot become another key's */
	EVP_PKEY_CTX *ctx;
};

/* Most runs use one key throughout: setting it up is paid once. NULL: the key is not fit. */
static EVP_PKEY_CTX *
keep(struct kept *k, EVP_PKEY *key, int (*init)(EVP_PKEY_CTX *))
{
	if (k->key == key)
		return k->ctx;
	EVP_PKEY_CTX_free(k->ctx);
	k->ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, token_properties(key));
	k->key = k->ctx != NULL && init(k->ctx) == 1 ? key : NULL;
	return k->key != NULL ? k->ctx : NULL;
}

static struct kept signer, verifier;	/* of keys on P-256 alone */

int64_t
sign_algorithm(const EVP_PKEY *key)
{
	if (key != NULL && (key == signer.key || key == verifier.key || key_is_p256(key)))
		return ALG_ES256;
	return key != NULL && EVP_PKEY_is_a(key, "ED25519") ? ALG_EDDSA : 0;
}

/* INTEGER: no needless zero in front, but one where the top bit would make it negative. */
static uint8_t *
put_integer(uint8_t *to, const uint8_t n[static COORDINATE])
{
	size_t skip = 0, zero;

	while (skip < COORDINATE - 1 && n[skip] == 0)
		skip++;
	zero = n[skip] >> 7;
	*to++ = 0x02;
	*to++ = (uint8_t)(zero + COORDINATE - skip);
	if (zero)
		*to++ = 0;
	memcpy(to, n + skip, COORDINATE - skip);
	return to + COORDINATE - skip;
}

static const uint8_t *
take_integer(const uint8_t *from, uint8_t n[static COORDINATE])
{
	size_t size = from[1], zero = size > COORDINATE, pad = COORDINATE + zero - size;

	memset(n, 0, pad);
	memcpy(n + pad, from + 2 + zero, size - zero);
	return from + 2 + size;
}

static size_t
put_signature(uint8_t der[static SIGNATURE_X509], const uint8_t signature[static SIGNATURE])
{
	uint8_t *end = put_integer(put_integer(der + 2, signature), signature + COORDINATE);

	der[0] = 0x30;
	der[1] = (uint8_t)(end - der - 2);
	return (size_t)(end - der);
}

static bool
es256_make(EVP_PKEY *key, struct bytes message, uint8_t der[static SIGNATURE_X509], size_t *n)
{
	uint8_t digest[DIGEST_LEN], signature[SIGNATURE];
	EVP_PKEY_CTX *ctx;

	if (tpm_holds(key)) {
		tpm_sign(key, message, signature);
		*n = put_signature(der, signature);
		return true;
	}
	ctx = keep(&signer, key, EVP_PKEY_sign_init);
	*n = SIGNATURE_X509;
	digest_sha256(message, digest);
	return ctx != NULL && EVP_PKEY_sign(ctx, der, n, digest, sizeof digest) == 1;
}

static bool
es256_make_cose(EVP_PKEY *key, struct bytes message, uint8_t out[static SIGNATURE])
{
	uint8_t der[SIGNATURE_X509];
	size_t n;

	if (!es256_make(key, message, der, &n))
		return false;
	take_integer(take_integer(der + 2, out), out + COORDINATE);
	return true;
}

static bool
es256_check(EVP_PKEY *key, struct bytes message, struct bytes der)
{
	EVP_PKEY_CTX *ctx = keep(&verifier, key, EVP_PKEY_verify_init);
	uint8_t digest[DIGEST_LEN];

	digest_sha256(message, digest);
	return ctx != NULL && EVP_PKEY_verify(ctx, der.p, der.n, digest, sizeof digest) == 1;
}

static bool
es256_check_cose(EVP_PKEY *key, struct bytes message, const uint8_t signature[static SIGNATURE])
{
	uint8_t der[SIGNATURE_X509];

	return es256_check(key, message, (struct bytes){ der, put_signature(der, signature) });
}

/* --- EdDSA ----------------------------------------------------------------- */

static bool
eddsa_make(EVP_PKEY *key, struct bytes message, uint8_t out[static SIGNATURE])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = SIGNATURE;
	bool ok = ctx != NULL && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1 &&
	    EVP_DigestSign(ctx, out, &n, message.p, message.n) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

static bool
eddsa_check(EVP_PKEY *key, struct bytes message, struct bytes signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
	    EVP_DigestVerify(ctx, signature.p, signature.n, message.p, message.n) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

/* --- either ---------------------------------------------------------------- */

void
sign_make(EVP_PKEY *key, struct bytes message, uint8_t out[static SIGNATURE])
{
	int64_t algorithm = sign_algorithm(key);

	if ((algorithm != ALG_ES256 || !es256_make_cose(key, message, out)) &&
	    (algorithm != ALG_EDDSA || !eddsa_make(key, message, out)))
		die_world("cannot sign with this key: %s", token_said("it is not fit"));
}

bool
sign_check(EVP_PKEY *key, int64_t algorithm, struct bytes message, struct bytes signature)
{
	bool ok;

	if (signature.n != SIGNATURE || algorithm == 0 || algorithm != sign_algorithm(key))
		return false;
	ok = algorithm == ALG_ES256 ? es256_check_cose(key, message, signature.p) :
	    eddsa_check(key, message, signature);
	if (!ok)
		ERR_clear_error();
	return ok;
}

/* --- in certificates --------------------------------------------------------- */

/* Answers how many bytes out has. */
static size_t
sign_x509(EVP_PKEY *key, struct bytes message, uint8_t out[static SIGNATURE_X509])
{
	size_t n;

	if (sign_algorithm(key) != ALG_ES256) {
		sign_make(key, message, out);
		return SIGNATURE;
	}
	if (!es256_make(key, message, out, &n))
		die_world("cannot sign with this key: %s", token_said("it is not fit"));
	return n;
}

bool
sign_check_x509(EVP_PKEY *key, struct bytes message, struct bytes signature)
{
	bool ok = sign_algorithm(key) == ALG_ES256 && es256_check(key, message, signature);

	if (!ok)
		ERR_clear_error();
	return ok;
}

struct bytes
sign_x509_algorithm(const EVP_PKEY *key)
{
	static const uint8_t es256[] = {
		0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02
	};
	static const uint8_t eddsa[] = { 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70 };

	return sign_algorithm(key) == ALG_ES256 ? BYTES(es256) : BYTES(eddsa);
}

void
sign_put_parts(struct der *d, EVP_PKEY *key, struct bytes what)
{
	uint8_t signature[SIGNATURE_X509];
	size_t n = sign_x509(key, what, signature);

	der_put_bits(d, (struct bytes){ signature, n });
	der_put(d, sign_x509_algorithm(key));
	der_put(d, what);
}

void
sign_put(struct der *d, EVP_PKEY *key, struct bytes what)
{
	const uint8_t *end = d->p;

	sign_put_parts(d, key, what);
	der_close(d, DER_SEQUENCE, end);
}
