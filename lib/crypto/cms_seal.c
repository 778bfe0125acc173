/* SPDX-License-Identifier: Apache-2.0 */
/* cms_seal(): by hand, as OpenSSL cannot set the user keying material. */
#include "crypto/aead.h"
#include "crypto/agree.h"
#include "crypto/cms.h"
#include "crypto/der.h"
#include "crypto/random.h"
#include "crypto/secret.h"

enum {
	INSIDE = DER_CONTEXT | DER_CONSTRUCTED,	/* [n] around others: | n */
	BESIDE_CONTENT = 512	/* bytes of all but it; there are some 310 */
};

#define NIST_AES 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01
static const uint8_t oid_auth_enveloped[] = {
	0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17
};
static const uint8_t oid_data[] = {
	0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01
};
static const uint8_t oid_ec[] = { 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };
static const uint8_t oid_agreement[] = { 0x06, 0x06, 0x2b, 0x81, 0x04, 0x01, 0x0b, 0x01 };
static const uint8_t oid_wrap[] = { NIST_AES, 0x2d };
static const uint8_t oid_gcm[] = { NIST_AES, 0x2e };

static void
put_small(struct der *d, uint8_t n)
{
	der_put_integer(d, (struct bytes){ &n, 1 });
}

static void
put_inside(struct der *d, uint8_t tag, uint8_t inner, struct bytes content)
{
	const uint8_t *end = d->p;

	der_put_as(d, inner, content);
	der_close(d, tag, end);
}

/* ECC-CMS-SharedInfo (RFC 5753 7.2), and of it the key (X9.63 KDF): one block of SHA-256. */
static void
wrapping_key(EVP_PKEY *own, EVP_PKEY *peer, struct bytes bound, uint8_t kek[static KEY256])
{
	static const uint8_t first[] = { 0, 0, 0, 1 }, bits[] = { 0, 0, 1, 0 };	/* counter; 256 */
	uint8_t room[192], shared[COORDINATE];
	struct der d = der_over(room, sizeof room);
	const uint8_t *end = d.p;

	put_inside(&d, INSIDE | 2, DER_OCTET_STRING, BYTES(bits));
	put_inside(&d, INSIDE | 0, DER_OCTET_STRING, bound);
	der_put_as(&d, DER_SEQUENCE, BYTES(oid_wrap));
	der_close(&d, DER_SEQUENCE, end);
	der_put(&d, BYTES(first));
	agree(own, peer, shared);
	der_put(&d, BYTES(shared));
	digest_sha256(der_written(&d), kek);
	secret_wipe(shared, sizeof shared);
	secret_wipe(room, sizeof room);
}

/* OriginatorPublicKey; the curve is the recipient's. */
static void
put_originator(struct der *d, EVP_PKEY *ephemeral)
{
	uint8_t point[1 + 2 * COORDINATE] = { 0x04 };	/* uncompressed */
	const uint8_t *end = d->p;

	key_point(ephemeral, point + 1, point + 1 + COORDINATE);
	der_put_bits(d, BYTES(point));
	der_put_as(d, DER_SEQUENCE, BYTES(oid_ec));
	der_close(d, INSIDE | 1, end);
	der_close(d, INSIDE | 0, end);
}

/* RecipientEncryptedKeys: of one */
static void
put_encrypted_key(struct der *d, struct bytes id, struct bytes wrapped)
{
	const uint8_t *end = d->p;

	der_put_as(d, DER_OCTET_STRING, wrapped);
	put_inside(d, INSIDE | 0, DER_OCTET_STRING, id);
	der_close(d, DER_SEQUENCE, end);
	der_close(d, DER_SEQUENCE, end);
}

/* KeyAgreeRecipientInfo (RFC 5652 6.2.2) in a set of one. */
static void
put_recipient(struct der *d, EVP_PKEY *recipient, struct bytes id, struct bytes bound,
    const uint8_t key[static KEY256])
{
	EVP_PKEY *ephemeral = key_new();
	uint8_t kek[KEY256], wrapped[WRAPPED256];
	const uint8_t *end = d->p, *algorithm;

	wrapping_key(ephemeral, recipient, bound, kek);
	keywrap_seal(BYTES(kek), (struct bytes){ key, KEY256 }, wrapped);
	secret_wipe(kek, sizeof kek);
	put_encrypted_key(d, id, BYTES(wrapped));
	algorithm = d->p;
	der_put_as(d, DER_SEQUENCE, BYTES(oid_wrap));
	der_put(d, BYTES(oid_agreement));
	der_close(d, DER_SEQUENCE, algorithm);
	put_inside(d, INSIDE | 1, DER_OCTET_STRING, bound);
	put_originator(d, ephemeral);
	put_small(d, 3);
	der_close(d, INSIDE | 1, end);
	der_close(d, DER_SET, end);
	key_free(ephemeral);
}

/* EncryptedContentInfo, then the mac (RFC 5083 2.1, RFC 5084 3.2). */
static void
put_content(struct der *d, const uint8_t key[static KEY256], struct bytes plain)
{
	static struct buf body;
	uint8_t iv[AEAD_IV];
	const uint8_t *end, *algorithm;

	random_bytes(iv, sizeof iv);
	body.n = 0;
	aead_seal((struct bytes){ key, KEY256 }, iv, (struct bytes){ 0 }, plain, &body);
	der_put_as(d, DER_OCTET_STRING, (struct bytes){ body.p + plain.n, AEAD_TAG });
	end = d->p;
	der_put_as(d, DER_CONTEXT | 0, (struct bytes){ body.p, plain.n });
	algorithm = d->p;
	put_small(d, AEAD_TAG);
	der_put_as(d, DER_OCTET_STRING, BYTES(iv));
	der_close(d, DER_SEQUENCE, algorithm);
	der_put(d, BYTES(oid_gcm));
	der_close(d, DER_SEQUENCE, algorithm);
	der_put(d, BYTES(oid_data));
	der_close(d, DER_SEQUENCE, end);
}

void
cms_seal(EVP_PKEY *recipient, struct bytes id, struct bytes bound, struct bytes plain,
    struct buf *out)
{
	static struct buf room;
	uint8_t key[KEY256];
	size_t n = plain.n + BESIDE_CONTENT;
	struct der d = der_over(buf_room(&room, n), n);
	const uint8_t *end = d.p;

	random_start();
	random_bytes(key, sizeof key);
	put_content(&d, key, plain);
	put_recipient(&d, recipient, id, bound, key);
	secret_wipe(key, sizeof key);
	put_small(&d, 0);
	der_close(&d, DER_SEQUENCE, end);
	der_close(&d, INSIDE | 0, end);
	der_put(&d, BYTES(oid_auth_enveloped));
	der_close(&d, DER_SEQUENCE, end);
	buf_add(out, der_written(&d));
}
