/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal-time KEY CERT TRUST MID - nanoseconds to seal the MID in a package and to open one, beside the
 * primitives that takes, each as openssl speed calls it, and beside CMS_encrypt and CMS_sign
 */
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/cli.h"
#include "base/die.h"
#include "crypto/sign.h"
#include "msg/envelope.h"
#include "role/unwrap.h"
#include "timing.h"
#include "wire/stream.h"

enum { SEALINGS = 500 };	/* a round: each takes some 100 us */

static const struct poptOption options[] = { CLI_END };

static struct signer us;
static struct trust *anchors;
static struct unwrapper device;		/* holds the key of the operator, too: it is as good as any */
static struct mid_package header;
static struct buf mid, package;
static X509 *certificate;

static EVP_PKEY_CTX *generating, *deriving, *signing, *verifying;
static uint8_t digest[DIGEST_LEN], signature[80];
static size_t signature_n;

/* --- ours ------------------------------------------------------------------------- */

static void
seal(void)
{
	struct fault f;

	package.n = 0;
	if (!envelope_make(&us, device.sealing, &header, buf_bytes(&mid), false, &package, &f))
		die_fault(&f);
}

static void
unseal(void)
{
	static struct buf plain;
	struct mid_package p;
	struct mid inside;
	struct fault f;

	plain.n = 0;
	if (!envelope_open(buf_bytes(&package), anchors, cli_clock(), &p, &f) ||
	    !package_open(&p, &device, cli_clock(), &plain, &inside, &f))
		die_fault(&f);
}

/* --- the primitives --------------------------------------------------------------- */

static void
need(int ok)
{
	if (ok != 1)
		die_world("OpenSSL cannot");
}

static void
generate(void)
{
	EVP_PKEY *key = NULL;

	need(EVP_PKEY_generate(generating, &key));
	EVP_PKEY_free(key);
}

static void
derive(void)
{
	uint8_t shared[COORDINATE];
	size_t n = sizeof shared;

	need(EVP_PKEY_derive(deriving, shared, &n));
}

static void
sign(void)
{
	signature_n = sizeof signature;
	need(EVP_PKEY_sign(signing, signature, &signature_n, digest, sizeof digest));
}

static void
verify(void)
{
	need(EVP_PKEY_verify(verifying, signature, signature_n, digest, sizeof digest));
}

/* --- another's envelope ------------------------------------------------------------ */

static void
cms(void)
{
	STACK_OF(X509) *to = sk_X509_new_null();
	BIO *plain = BIO_new_mem_buf(mid.p, (int)mid.n), *sealed = BIO_new(BIO_s_mem()), *out;
	CMS_ContentInfo *inner, *outer;

	sk_X509_push(to, certificate);
	inner = CMS_encrypt(to, plain, EVP_aes_256_gcm(), CMS_BINARY);
	need(inner != NULL && i2d_CMS_bio(sealed, inner));
	outer = CMS_sign(certificate, us.key, NULL, sealed, CMS_BINARY | CMS_NOSMIMECAP);
	out = BIO_new(BIO_s_mem());
	need(outer != NULL && i2d_CMS_bio(out, outer));
	CMS_ContentInfo_free(inner);
	CMS_ContentInfo_free(outer);
	BIO_free(plain);
	BIO_free(sealed);
	BIO_free(out);
	sk_X509_free(to);
}

/* --- */

static void
start_primitives(void)
{
	EVP_PKEY *peer = key_new();

	generating = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	need(EVP_PKEY_keygen_init(generating));
	need(EVP_PKEY_CTX_set_group_name(generating, "P-256"));
	deriving = EVP_PKEY_CTX_new(us.key, NULL);
	need(EVP_PKEY_derive_init(deriving));
	need(EVP_PKEY_derive_set_peer(deriving, peer));
	signing = EVP_PKEY_CTX_new(us.key, NULL);
	need(EVP_PKEY_sign_init(signing));
	verifying = EVP_PKEY_CTX_new(us.key, NULL);
	need(EVP_PKEY_verify_init(verifying));
}

static bool
take(const struct item *item, void *context, struct fault *f)
{
	static uint8_t thumbprint[DIGEST_LEN];
	struct cose_key key = { 1, 1, { 0 }, { 0 } };
	static uint8_t x[COORDINATE], y[COORDINATE];
	struct mid m;

	(void)context;
	buf_add(&mid, item->bytes);
	if (!record_decode(&mid_record, &m, buf_bytes(&mid), f))
		return false;
	key_point(device.sealing, x, y);
	key.x = BYTES(x);
	key.y = BYTES(y);
	cose_thumbprint(&key, thumbprint);
	header = (struct mid_package){ .sho = m.sho, .pcid = text_of("001010000000001"), .mid = m.id,
	    .iat = cli_clock(), .exp = cli_clock() + 86400, .key = BYTES(thumbprint), .counter = 1 };
	header.device = m.device_token.p != NULL ? BYTES(digest) : (struct bytes){ 0 };
	return true;
}

int
main(int argc, char *argv[])
{
	static const struct technique techniques[] = {
		{ "seal", seal, 1 }, { "unseal", unseal, 1 }, { "generate", generate, 1 },
		{ "derive", derive, 1 }, { "sign", sign, 1 }, { "verify", verify, 1 }, { "cms", cms, 1 },
	};
	const char *const *names = cli_start(argc, argv, options, "KEY CERT TRUST MID", 4);
	const unsigned char *der;

	signer_load(&us, names[0], names[1], ROLE_SHO);
	anchors = trust_load("TRUST", names[2]);
	unwrapper_set(&device, us.key);
	if (stream_run(names + 3, take, NULL, NULL) != STATUS_DONE)
		return STATUS_REQUEST;
	der = us.chain.der[0].p;
	certificate = d2i_X509(NULL, &der, (long)us.chain.der[0].n);
	start_primitives();
	for (size_t i = 0; i < COUNT(techniques); i++)
		techniques[i].run();
	time_calls_in_turn(techniques, COUNT(techniques), SEALINGS);
	return fflush(stdout) == 0 ? STATUS_DONE : STATUS_WORLD;
}
