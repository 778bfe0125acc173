/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cipher is OpenSSL's: the provider is asked for it, as EVP would (provider-cipher(7)).
 * EVP itself asks for the length of each new key by its name, one of seven: of a key and five blocks
 * that takes two fifths.  And for one cipher it enters all of them in its tables: most of a start.
 */
#include "crypto/aes.h"

#include <openssl/core_dispatch.h>
#include <openssl/provider.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "crypto/openssl.h"
#include "crypto/secret.h"

static const char name[] = "AES-128-ECB:";	/* and what else it is called */

static OSSL_FUNC_cipher_freectx_fn *free_context;
static OSSL_FUNC_cipher_encrypt_init_fn *init;
static OSSL_FUNC_cipher_cipher_fn *cipher;
static void *context;
static uint8_t *last;		/* the key it is set up for */

static void
forget_key(void)
{
	free_context(context);
}

static const OSSL_DISPATCH *
find(OSSL_PROVIDER *provider)
{
	int no_store;
	const OSSL_ALGORITHM *a = OSSL_PROVIDER_query_operation(provider, OSSL_OP_CIPHER, &no_store);

	for (; a != NULL && a->algorithm_names != NULL; a++)
		if (strncmp(a->algorithm_names, name, sizeof name - 1) == 0)
			return a->implementation;
	return NULL;
}

static void
start(void)
{
	OSSL_PROVIDER *provider = OSSL_PROVIDER_try_load(NULL, OPENSSL_PROVIDER, 1);
	const OSSL_DISPATCH *d = provider == NULL ? NULL : find(provider);
	OSSL_FUNC_cipher_newctx_fn *new_context = NULL;

	for (; d != NULL && d->function_id != 0; d++)
		switch (d->function_id) {
		case OSSL_FUNC_CIPHER_NEWCTX: new_context = OSSL_FUNC_cipher_newctx(d); break;
		case OSSL_FUNC_CIPHER_FREECTX: free_context = OSSL_FUNC_cipher_freectx(d); break;
		case OSSL_FUNC_CIPHER_ENCRYPT_INIT: init = OSSL_FUNC_cipher_encrypt_init(d); break;
		case OSSL_FUNC_CIPHER_CIPHER: cipher = OSSL_FUNC_cipher_cipher(d); break;
		}
	last = secret_new(AES_BLOCK);
	if (new_context == NULL || free_context == NULL || init == NULL || cipher == NULL ||
	    (context = new_context(OSSL_PROVIDER_get0_provider_ctx(provider))) == NULL ||
	    init(context, last, AES_BLOCK, NULL, 0, NULL) != 1)
		die_world("AES-128 is not available");
	atexit(forget_key);
}

void
aes_key(const uint8_t k[static AES_BLOCK])
{
	uint64_t is[2], was[2];

	if (context == NULL)
		start();
	memcpy(is, k, sizeof is);
	memcpy(was, last, sizeof was);
	if (((is[0] ^ was[0]) | (is[1] ^ was[1])) == 0)
		return;
	if (init(context, k, AES_BLOCK, NULL, 0, NULL) != 1)
		die_world("AES-128 cannot be set up");
	memcpy(last, k, AES_BLOCK);
}

void
aes_encrypt(const uint8_t *in, uint8_t *out, size_t n)
{
	size_t done;

	if (cipher(context, out, &done, n, in, n) != 1 || done != n)
		die_world("AES-128 failed");
}
