/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aead.h"
#include "crypto/agree.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "msg/cose.h"

/* {1: alg}: the only protected header that is sealed under. */
static struct bytes
protected_header(uint64_t alg, struct buf *b)
{
	b->n = 0;
	record_encode(&cose_header_record, &(struct cose_header){ .alg = alg }, b);
	return buf_bytes(b);
}

/* RFC 9052 5.3; context: "Encrypt" or "Encrypt0" */
static struct bytes
enc_structure(const char *context, struct bytes protected, struct bytes external)
{
	static struct buf b;

	b.n = 0;
	wire_put_array(&b, 3);
	wire_put_text(&b, text_of(context));
	wire_put_bytes(&b, protected);
	wire_put_bytes(&b, external);
	return buf_bytes(&b);
}

static void
put_party(struct buf *b)
{
	static const uint8_t three_nils[] = { 0x83, 0xf6, 0xf6, 0xf6 };

	buf_add(b, BYTES(three_nils));
}

/* COSE_KDF_Context (RFC 9053 5.2): the key is for alg; its length counts in bits. */
static struct bytes
kdf_context(uint64_t alg, size_t bits, struct bytes recipient_protected)
{
	static struct buf b;

	b.n = 0;
	wire_put_array(&b, 4);
	wire_put_int(&b, alg == COSE_ECDH_ES_A256KW ? -5 : -3);
	put_party(&b);
	put_party(&b);
	wire_put_array(&b, 2);
	wire_put_uint(&b, bits);
	wire_put_bytes(&b, recipient_protected);
	return buf_bytes(&b);
}

/* ECDH and HKDF to the key that wraps the content key; alg: one of the two ECDH-ES+KW. */
static size_t
wrapping_key(EVP_PKEY *own, EVP_PKEY *peer, uint64_t alg, struct bytes recipient_protected,
    uint8_t kek[static KEY256])
{
	size_t n = alg == COSE_ECDH_ES_A256KW ? 32 : 16;
	uint8_t shared[COORDINATE];

	agree(own, peer, shared);
	digest_hkdf(BYTES(shared), (struct bytes){ 0 }, kdf_context(alg, 8 * n, recipient_protected),
	    kek, n);
	secret_wipe(shared, sizeof shared);
	return n;
}

static void
put_recipient(EVP_PKEY *recipient, const uint8_t content_key[static KEY256], struct list *list,
    struct buf *raw)
{
	static struct buf header;
	uint8_t x[COORDINATE], y[COORDINATE], kek[KEY256], wrapped[WRAPPED256];
	EVP_PKEY *ephemeral = key_new();
	struct cose_recipient r = {
		.protected = protected_header(COSE_ECDH_ES_A256KW, &header),
		.unprotected.ephemeral_key = { 1, 1, BYTES(x), BYTES(y) },
		.encrypted_key = BYTES(wrapped),
	};

	key_point(ephemeral, x, y);
	wrapping_key(ephemeral, recipient, COSE_ECDH_ES_A256KW, r.protected, kek);
	keywrap_seal(BYTES(kek), (struct bytes){ content_key, KEY256 }, wrapped);
	list_add(&cose_recipient_element, list, raw, &r);
	secret_wipe(kek, sizeof kek);
	key_free(ephemeral);
}

void
cose_encrypt(EVP_PKEY *recipient, struct bytes external, struct bytes plain, struct buf *out)
{
	static struct buf header, body, recipients;
	uint8_t key[KEY256], iv[AEAD_IV];
	struct cose_encrypt e = { .protected = protected_header(COSE_A256GCM, &header) };

	random_start();
	random_bytes(key, sizeof key);
	random_bytes(iv, sizeof iv);
	body.n = recipients.n = 0;
	aead_seal(BYTES(key), iv, enc_structure("Encrypt", e.protected, external), plain, &body);
	put_recipient(recipient, key, &e.recipients, &recipients);
	secret_wipe(key, sizeof key);
	e.unprotected.iv = BYTES(iv);
	e.ciphertext = buf_bytes(&body);
	record_encode(&cose_encrypt_record, &e, out);
}

static bool
decode_alg(struct bytes protected, uint64_t *alg)
{
	struct cose_header h;
	struct fault f;

	if (!record_decode(&cose_header_record, &h, protected, &f))
		return false;
	*alg = h.alg;
	return h.alg != 0;
}

/* The content key, unwrapped; its length, or 0 when it cannot be. */
static size_t
content_key(EVP_PKEY *own, const struct cose_recipient *r, uint64_t alg, uint8_t key[static KEY256])
{
	const struct cose_key *e = &r->unprotected.ephemeral_key;
	EVP_PKEY *peer = key_from_point(e->x, e->y);
	uint8_t kek[KEY256];
	size_t n;
	bool ok;

	if (peer == NULL)
		return 0;
	n = wrapping_key(own, peer, alg, r->protected, kek);
	ok = keywrap_open((struct bytes){ kek, n }, r->encrypted_key, key);
	secret_wipe(kek, sizeof kek);
	key_free(peer);
	return ok ? r->encrypted_key.n - 8 : 0;
}

static bool
open_body(struct bytes key, uint64_t alg, const char *context, struct bytes protected,
    struct bytes external, struct bytes iv, struct bytes ciphertext, struct buf *out, struct fault *f)
{
	if (iv.n != AEAD_IV)
		return fault_request(f, "unprotected.iv", "is missing");
	if (key.n != (alg == COSE_A256GCM ? 32 : 16))
		return fault_request(f, "protected.alg", "needs a key of another length");
	if (!aead_open(key, iv.p, enc_structure(context, protected, external), ciphertext, out))
		return fault_refuse(f, "tampered", NULL, "body or header is not what was sealed");
	return true;
}

static bool
is_gcm(uint64_t alg)
{
	return alg == COSE_A128GCM || alg == COSE_A256GCM;
}

bool
cose_decrypt(EVP_PKEY *own, struct bytes encrypted, struct bytes external, struct buf *out,
    struct fault *f)
{
	struct cose_encrypt e;
	struct cose_recipient r;
	uint64_t alg, recipient_alg;
	uint8_t key[KEY256];
	size_t at = 0, n;
	bool ok;

	if (!record_decode(&cose_encrypt_record, &e, encrypted, f))
		return false;
	list_next(&cose_recipient_element, e.recipients, &at, &r);
	if (!decode_alg(e.protected, &alg) || !is_gcm(alg))
		return fault_request(f, "protected.alg", "needs A128GCM or A256GCM");
	if (!decode_alg(r.protected, &recipient_alg) ||
	    (recipient_alg != COSE_ECDH_ES_A256KW && recipient_alg != COSE_ECDH_ES_A128KW))
		return fault_request(f, "recipient.protected.alg", "needs ECDH-ES+A256KW or ECDH-ES+A128KW");
	if (r.unprotected.ephemeral_key.x.p == NULL)
		return fault_request(f, "recipient.unprotected.ephemeral_key", "is missing");
	if ((n = content_key(own, &r, recipient_alg, key)) == 0)
		return fault_refuse(f, "not-for-us", "recipient.encrypted_key", "does not open with this key");
	ok = open_body((struct bytes){ key, n }, alg, "Encrypt", e.protected, external, e.unprotected.iv,
	    e.ciphertext, out, f);
	secret_wipe(key, sizeof key);
	return ok;
}

void
cose_encrypt0(struct bytes key, struct bytes external, struct bytes plain, struct buf *out)
{
	static struct buf header, body;
	uint8_t iv[AEAD_IV];
	struct cose_encrypt0 e = {
		.protected = protected_header(key.n == 32 ? COSE_A256GCM : COSE_A128GCM, &header),
		.unprotected.iv = BYTES(iv),
	};

	random_bytes(iv, sizeof iv);
	body.n = 0;
	aead_seal(key, iv, enc_structure("Encrypt0", e.protected, external), plain, &body);
	e.ciphertext = buf_bytes(&body);
	record_encode(&cose_encrypt0_record, &e, out);
}

bool
cose_decrypt0(struct bytes key, struct bytes encrypted, struct bytes external, struct buf *out,
    struct fault *f)
{
	struct cose_encrypt0 e;
	uint64_t alg;

	if (!record_decode(&cose_encrypt0_record, &e, encrypted, f))
		return false;
	if (!decode_alg(e.protected, &alg) || !is_gcm(alg))
		return fault_request(f, "protected.alg", "needs A128GCM or A256GCM");
	return open_body(key, alg, "Encrypt0", e.protected, external, e.unprotected.iv, e.ciphertext, out, f);
}
