/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aead.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/die.h"
#include "crypto/openssl.h"

enum { KEY128 = 16, WRAP_GROWTH = 8 };

struct cipher {
	const char *name;
	EVP_CIPHER_CTX *ctx;	/* from the first use on */
};

/* [0] for a key of 16 bytes, [1] of 32 */
static struct cipher gcm[] = { { "AES-128-GCM", NULL }, { "AES-256-GCM", NULL } };
static struct cipher wrap[] = { { "AES-128-WRAP", NULL }, { "AES-256-WRAP", NULL } };

static void
forget_keys(void)
{
	for (size_t i = 0; i < 2; i++) {
		EVP_CIPHER_CTX_free(gcm[i].ctx);
		EVP_CIPHER_CTX_free(wrap[i].ctx);
		gcm[i].ctx = wrap[i].ctx = NULL;
	}
}

static EVP_CIPHER_CTX *
new_context(const char *name)
{
	static bool guarded;
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	if (cipher == NULL || ctx == NULL)
		die_world("cannot start %s", name);
	EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	if (EVP_CipherInit_ex2(ctx, cipher, NULL, NULL, 1, NULL) != 1)
		die_world("cannot start %s", name);
	EVP_CIPHER_free(cipher);
	if (!guarded) {
		guarded = true;
		atexit(forget_keys);
	}
	return ctx;
}

/* The cipher itself is named once: a key alone is set several times as fast. */
static EVP_CIPHER_CTX *
start(struct cipher family[2], struct bytes key, const uint8_t *iv, int sealing)
{
	struct cipher *c = &family[key.n == KEY256];

	if (key.n != KEY128 && key.n != KEY256)
		die_world("%s: needs a key of 16 or 32 bytes, has %zu", family[0].name, key.n);
	if (c->ctx == NULL)
		c->ctx = new_context(c->name);
	if (EVP_CipherInit_ex2(c->ctx, NULL, key.p, iv, sealing, NULL) != 1)
		die_world("cannot start %s", c->name);
	return c->ctx;
}

static bool
pass(EVP_CIPHER_CTX *ctx, struct bytes aad, struct bytes in, uint8_t *out)
{
	int n;

	if (aad.n > INT_MAX || in.n > INT_MAX)
		return false;
	return (aad.n == 0 || EVP_CipherUpdate(ctx, NULL, &n, aad.p, (int)aad.n) == 1) &&
	    (in.n == 0 || EVP_CipherUpdate(ctx, out, &n, in.p, (int)in.n) == 1) &&
	    EVP_CipherFinal_ex(ctx, out + in.n, &n) == 1;
}

void
aead_seal(struct bytes key, const uint8_t iv[static AEAD_IV], struct bytes aad, struct bytes plain,
    struct buf *out)
{
	EVP_CIPHER_CTX *ctx = start(gcm, key, iv, 1);
	uint8_t *to = buf_room(out, plain.n + AEAD_TAG);

	if (!pass(ctx, aad, plain, to) ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, AEAD_TAG, to + plain.n) != 1)
		die_world("cannot encrypt");
	out->n += plain.n + AEAD_TAG;
}

bool
aead_open(struct bytes key, const uint8_t iv[static AEAD_IV], struct bytes aad, struct bytes sealed,
    struct buf *out)
{
	uint8_t tag[AEAD_TAG], *to;
	EVP_CIPHER_CTX *ctx;

	if (sealed.n < AEAD_TAG)
		return false;
	sealed.n -= AEAD_TAG;
	memcpy(tag, sealed.p + sealed.n, AEAD_TAG);
	ctx = start(gcm, key, iv, 0);
	to = buf_room(out, sealed.n);
	if (EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, AEAD_TAG, tag) != 1 ||
	    !pass(ctx, aad, sealed, to)) {
		explicit_bzero(to, sealed.n);	/* plain text of unknown origin */
		ERR_clear_error();
		return false;
	}
	out->n += sealed.n;
	return true;
}

void
keywrap_seal(struct bytes kek, struct bytes key, uint8_t *out)
{
	int n = 0;

	if ((key.n != KEY128 && key.n != KEY256) ||
	    EVP_CipherUpdate(start(wrap, kek, NULL, 1), out, &n, key.p, (int)key.n) != 1 ||
	    n != (int)key.n + WRAP_GROWTH)
		die_world("cannot wrap a key of %zu bytes", key.n);
}

bool
keywrap_open(struct bytes kek, struct bytes wrapped, uint8_t *out)
{
	size_t size = wrapped.n - WRAP_GROWTH;
	int n = 0;

	if (size != KEY128 && size != KEY256)
		return false;
	if (EVP_CipherUpdate(start(wrap, kek, NULL, 0), out, &n, wrapped.p, (int)wrapped.n) == 1 &&
	    n == (int)size)
		return true;
	explicit_bzero(out, size);
	ERR_clear_error();
	return false;
}
