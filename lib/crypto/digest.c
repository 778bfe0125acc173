/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"
#include "crypto/openssl.h"
#include "crypto/secret.h"

enum { READ_SIZE = 16 * 1024 };

/* --- SHA-256 --------------------------------------------------------------- */

static EVP_MD_CTX *
start(void)
{
	static EVP_MD_CTX *ctx;
	static EVP_MD *sha256;

	if (ctx == NULL) {
		sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
		ctx = EVP_MD_CTX_new();
	}
	if (sha256 == NULL || ctx == NULL || EVP_DigestInit_ex2(ctx, sha256, NULL) != 1)
		die_world("cannot compute SHA-256");
	return ctx;
}

static void
add(EVP_MD_CTX *ctx, struct bytes s)
{
	if (EVP_DigestUpdate(ctx, s.p, s.n) != 1)
		die_world("cannot compute SHA-256");
}

static void
finish(EVP_MD_CTX *ctx, uint8_t out[static DIGEST_LEN])
{
	if (EVP_DigestFinal_ex(ctx, out, NULL) != 1)
		die_world("cannot compute SHA-256");
}

void
digest_sha256(struct bytes s, uint8_t out[static DIGEST_LEN])
{
	EVP_MD_CTX *ctx = start();

	add(ctx, s);
	finish(ctx, out);
}

void
digest_parts(const struct bytes *parts, size_t n, uint8_t out[static DIGEST_LEN])
{
	uint8_t each[PARTS_MAX][DIGEST_LEN];

	for (size_t i = 0; i < n; i++)
		digest_sha256(parts[i], each[i]);
	digest_sha256((struct bytes){ each[0], n * DIGEST_LEN }, out);
}

/* Answers 0, or errno. */
static int
add_file(EVP_MD_CTX *ctx, int fd)
{
	uint8_t block[READ_SIZE];
	ssize_t n;

	while ((n = read(fd, block, sizeof block)) != 0) {
		if (n > 0)
			add(ctx, (struct bytes){ block, (size_t)n });
		else if (errno != EINTR)
			return errno;
	}
	return 0;
}

bool
digest_file(const char *path, uint8_t out[static DIGEST_LEN], struct fault *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), why;
	EVP_MD_CTX *ctx;

	if (fd == -1)
		return fault_world(f, NULL, "cannot read '%s': %s", path, strerror(errno));
	ctx = start();
	why = add_file(ctx, fd);
	close(fd);
	if (why != 0)
		return fault_world(f, NULL, "cannot read '%s': %s", path, strerror(why));
	finish(ctx, out);
	return true;
}

/* --- HMAC and HKDF --------------------------------------------------------- */

static EVP_MAC_CTX *mac;

static void
forget_key(void)
{
	EVP_MAC_CTX_free(mac);
	mac = NULL;
}

static EVP_MAC_CTX *
new_mac(void)
{
	char name[] = "SHA256";
	OSSL_PARAM with[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end()
	};
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = hmac != NULL ? EVP_MAC_CTX_new(hmac) : NULL;	/* it would look into NULL */

	EVP_MAC_free(hmac);
	if (ctx == NULL || EVP_MAC_CTX_set_params(ctx, with) != 1)
		die_world("cannot compute HMAC");
	atexit(forget_key);
	return ctx;
}

void
digest_hmac_start(struct bytes key)
{
	/* NULL would mean the key of last time. */
	const uint8_t *k = key.n > 0 ? key.p : (const uint8_t *)"";

	if (mac == NULL)
		mac = new_mac();
	if (EVP_MAC_init(mac, k, key.n, NULL) != 1)
		die_world("cannot compute HMAC");
}

void
digest_hmac_add(struct bytes piece)
{
	if (EVP_MAC_update(mac, piece.p, piece.n) != 1)
		die_world("cannot compute HMAC");
}

void
digest_hmac_finish(uint8_t out[static DIGEST_LEN])
{
	if (EVP_MAC_final(mac, out, NULL, DIGEST_LEN) != 1)
		die_world("cannot compute HMAC");
}

void
digest_hmac(struct bytes key, struct bytes s, uint8_t out[static DIGEST_LEN])
{
	digest_hmac_start(key);
	digest_hmac_add(s);
	digest_hmac_finish(out);
}

/* By HMAC: half the time of EVP_KDF, and one class of algorithms less to start. */
void
digest_hkdf(struct bytes secret, struct bytes salt, struct bytes info, uint8_t *out, size_t n)
{
	uint8_t prk[DIGEST_LEN], t[DIGEST_LEN];
	struct bytes last = { t, 0 };

	if (n > 255 * DIGEST_LEN)
		die_world("cannot derive %zu bytes: HKDF ends at %d", n, 255 * DIGEST_LEN);
	digest_hmac(salt, secret, prk);
	for (uint8_t i = 1; n > 0; i++) {
		size_t part = n < DIGEST_LEN ? n : DIGEST_LEN;

		digest_hmac_start(BYTES(prk));
		digest_hmac_add(last);
		digest_hmac_add(info);
		digest_hmac_add((struct bytes){ &i, 1 });
		digest_hmac_finish(t);
		last.n = DIGEST_LEN;
		memcpy(out, t, part);
		out += part;
		n -= part;
	}
	secret_wipe(prk, sizeof prk);
	secret_wipe(t, sizeof t);
}
