/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/openssl.h"

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

const char openssl_started;

/*
 * Of OpenSSL's default provider, by the first of their names.  Whoever asks for the first algorithm
 * of a kind waits until all of that kind are set up: of more than a hundred ciphers, to use two.
 * SHA1 is for key identifiers and OCSP; RSA, ED448 and the other digests are for certificates of
 * CAs; X963KDF is for CMS; CTR-DRBG works with AES-256 in both modes.
 */
static const char *const used[OSSL_OP__HIGHEST + 1] = {
	[OSSL_OP_DIGEST] = " SHA1 SHA2-224 SHA2-256 SHA2-384 SHA2-512 SHAKE-256 ",
	[OSSL_OP_CIPHER] = " AES-128-ECB AES-128-GCM AES-256-GCM AES-128-WRAP AES-256-WRAP"
	    " AES-256-CTR AES-256-ECB ",
	[OSSL_OP_MAC] = " HMAC ",
	[OSSL_OP_KDF] = " X963KDF ",
	[OSSL_OP_RAND] = " CTR-DRBG SEED-SRC ",
	[OSSL_OP_KEYMGMT] = " EC ED25519 ED448 RSA RSA-PSS ",
	[OSSL_OP_KEYEXCH] = " ECDH ",
	[OSSL_OP_SIGNATURE] = " ECDSA ED25519 ED448 RSA ",
	[OSSL_OP_DECODER] = " DER EC ED25519 ED448 RSA RSA-PSS "
};

enum { MOST = 64 };		/* algorithms; an end for each operation */

static OSSL_ALGORITHM chosen[MOST];
static const OSSL_ALGORITHM *of_operation[OSSL_OP__HIGHEST + 1];
static void *default_context;

/* Of decoders, those of DER; and of keys that can only be verified with, the public ones. */
static bool
is_used(int operation, const OSSL_ALGORITHM *a)
{
	size_t n = strcspn(a->algorithm_names, ":");
	char name[32] = " ";

	if (n > sizeof name - 3)
		return false;
	memcpy(name + 1, a->algorithm_names, n);
	memcpy(name + 1 + n, " ", 2);
	return strstr(used[operation], name) != NULL && (operation != OSSL_OP_DECODER ||
	    strstr(a->property_definition, "structure=SubjectPublicKeyInfo") != NULL ||
	    (strstr(" EC ED25519 ", name) != NULL &&
	    strstr(a->property_definition, "input=der") != NULL));
}

static void
choose(OSSL_PROVIDER *from)
{
	OSSL_ALGORITHM *to = chosen;
	int not_to_keep;

	for (int i = 0; i <= OSSL_OP__HIGHEST; i++) {
		if (used[i] == NULL)
			continue;
		of_operation[i] = to;
		for (const OSSL_ALGORITHM *a = OSSL_PROVIDER_query_operation(from, i, &not_to_keep);
		    a != NULL && a->algorithm_names != NULL; a++)
			if (is_used(i, a) && to < chosen + MOST - 1)
				*to++ = *a;
		if (to++ >= chosen + MOST - 1)
			abort();
	}
}

/* --- the provider "m2mkit": part of the default one ----------------------------- */

static const OSSL_ALGORITHM *
query(void *context, int operation, int *not_to_keep)
{
	(void)context;
	*not_to_keep = 0;
	return operation >= 0 && operation <= OSSL_OP__HIGHEST ? of_operation[operation] : NULL;
}

static int
provide(const OSSL_CORE_HANDLE *core, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
    void **context)
{
	static const OSSL_DISPATCH functions[] = {
		{ OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query },
		{ 0, NULL }
	};

	(void)core, (void)in;
	*out = functions;
	*context = default_context;
	return 1;
}

/* --- starting ------------------------------------------------------------------ */

/*
 * By their names in certificates and CMS.  OpenSSL would enter each that it knows here, and from
 * there in a second directory: a fifth of a start.
 */
static bool
name_them(void)
{
	return EVP_add_digest(EVP_sha1()) && EVP_add_digest(EVP_sha224()) &&
	    EVP_add_digest(EVP_sha256()) && EVP_add_digest(EVP_sha384()) &&
	    EVP_add_digest(EVP_sha512()) && EVP_add_cipher(EVP_aes_256_gcm()) &&
	    EVP_add_cipher(EVP_aes_256_wrap());
}

/*
 * Before main(): the first of OpenSSL's functions to be called, whichever it is, would load a
 * configuration.  What is unloaded is not asked any more, and lives on until OpenSSL ends.
 */
__attribute__((constructor)) static void
start(void)
{
	OSSL_PROVIDER *all;

	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
	    OPENSSL_INIT_NO_ADD_ALL_DIGESTS, NULL) != 1 || !name_them() ||
	    (all = OSSL_PROVIDER_load(NULL, "default")) == NULL)
		abort();
	choose(all);
	default_context = OSSL_PROVIDER_get0_provider_ctx(all);
	if (OSSL_PROVIDER_add_builtin(NULL, OPENSSL_PROVIDER, provide) != 1 ||
	    OSSL_PROVIDER_load(NULL, OPENSSL_PROVIDER) == NULL || OSSL_PROVIDER_unload(all) != 1)
		abort();
}

void
openssl_load_all(void)
{
	if (OSSL_PROVIDER_load(NULL, "default") == NULL)
		die_world("OpenSSL does not load its default provider");
}
