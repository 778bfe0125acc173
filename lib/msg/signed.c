/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/signed.h"

#include <stdio.h>

#include "base/cli.h"
#include "base/die.h"
#include "crypto/sign.h"
#include "msg/claims.h"

enum { PAYLOAD = 2 };	/* its place in the table */

void
signer_load(struct signer *s, const char *key_uri, const char *cert_path, enum role role)
{
	struct fault f;

	cli_require(cert_path, "--cert");
	s->key = key_private("--key", key_uri);
	chain_load("--cert", cert_path, &s->chain);
	if (!cert_read(s->chain.der[0], &s->cert, "--cert", &f))
		die_fault(&f);
	if (!key_equal(s->key, s->cert.key))
		die_request("--cert: '%s' is not the certificate of --key", cert_path);
	if (!cert_has_role(&s->cert, role))
		die_request("--cert: '%s' lacks the role %s", cert_path, role_name(role));
}

static struct bytes
encode_header(const struct signer *s, const char *type, struct buf *b)
{
	static struct buf certificates;
	struct cose_header h = {
		.alg = sign_algorithm(s->key) == ALG_ES256 ? COSE_ES256 : COSE_EDDSA,
		.content_type = text_of(type),
	};

	certificates.n = b->n = 0;
	for (size_t i = 0; i < s->chain.n; i++)
		list_add(&cose_x5chain_element, &h.x5chain, &certificates, &s->chain.der[i]);
	record_encode(&cose_signed_header_record, &h, b);
	return buf_bytes(b);
}

void
signed_encode(const struct signer *s, const struct record *object, const void *claims, struct buf *out)
{
	static struct buf header, payload;
	uint8_t signature[SIGNATURE];
	struct cose_sign1 o = {
		.protected = encode_header(s, object->type, &header),
		.signature = BYTES(signature),
	};

	payload.n = 0;
	record_encode(object->fields[PAYLOAD].sub, claims, &payload);
	o.payload = buf_bytes(&payload);
	cose_sign(s->key, o.protected, (struct bytes){ 0 }, o.payload, signature);
	record_encode(object, &o, out);
}

static bool
read_chain(struct list x5chain, struct chain *chain)
{
	size_t at = 0;

	for (chain->n = 0; chain->n < CHAIN_MAX; chain->n++)
		if (!list_next(&cose_x5chain_element, x5chain, &at, &chain->der[chain->n]))
			break;
	return chain->n > 0;
}

/* Whoever the claims call their issuer has signed them; a TRE is known by its PlC alone. */
static bool
names_signer(const struct record *object, const void *claims, const struct cert *who, struct fault *f)
{
	const struct field *issuer = object->fields[PAYLOAD].sub->fields;
	char where[96];

	if (issuer->key != CLAIM_ISS ||
	    text_is(*(const struct text *)(const void *)((const char *)claims + issuer->at), who->name))
		return true;
	snprintf(where, sizeof where, "%s.%s", object->name, issuer->name);
	return fault_refuse(f, "wrong-signer", where, "is not who signed it");
}

static bool
check_signature(const struct record *object, const struct cose_sign1 *o, uint64_t alg,
    const struct cert *who, struct fault *f)
{
	char where[96];

	if (cose_verify(who->key, alg, o->protected, (struct bytes){ 0 }, o->payload, o->signature))
		return true;
	snprintf(where, sizeof where, "%s.signature", object->name);
	return fault_refuse(f, "bad-signature", where, "does not verify");
}

bool
signed_open(struct bytes encoded, const struct record *object, struct trust *anchors, uint64_t now,
    void *claims, struct cert *who, struct fault *f)
{
	struct cose_sign1 o;
	struct cose_header header;
	struct chain chain;
	struct cert signer = { 0 };
	char where[96];
	bool ok;

	if (!record_decode(object, &o, encoded, f))
		return false;
	if (!record_decode(&cose_signed_header_record, &header, o.protected, f) ||
	    !record_decode(object->fields[PAYLOAD].sub, claims, o.payload, f))
		return false;	/* cannot happen: the object's own table checked both */
	snprintf(where, sizeof where, "%s.protected.x5chain", object->name);
	ok = read_chain(header.x5chain, &chain) &&
	    trust_check(anchors, &chain, object->signer, now, &signer, where, f) &&
	    check_signature(object, &o, header.alg, &signer, f) && names_signer(object, claims, &signer, f);
	if (ok && who != NULL)
		*who = signer;
	else
		cert_free(&signer);
	return ok;
}

bool
signed_take(const struct item *item, const struct record *object, struct trust *anchors, uint64_t now,
    void *claims, struct cert *who, struct fault *f)
{
	if (!item_is(item, object))
		return item_unwanted(item, object->type, f);
	return signed_open(item->bytes, object, anchors, now, claims, who, f);
}

bool
signed_keep(const struct item *item, const struct record *object, struct trust *anchors, uint64_t now,
    void *claims, struct buf *keep, struct fault *f)
{
	struct item kept = *item;

	buf_wipe(keep);
	buf_add(keep, item->bytes);
	kept.bytes = buf_bytes(keep);
	if (signed_take(&kept, object, anchors, now, claims, NULL, f))
		return true;
	memset(claims, 0, object->fields[PAYLOAD].sub->size);
	return false;
}

/* The signature stands last, and nothing but it stands outside of itself. */
struct bytes
signed_part(struct bytes object)
{
	return (struct bytes){ object.p, object.n - SIGNATURE };
}

void
signed_digest(const struct bytes *objects, size_t n, uint8_t out[static DIGEST_LEN])
{
	struct bytes parts[PARTS_MAX];

	for (size_t i = 0; i < n; i++)
		parts[i] = signed_part(objects[i]);
	digest_parts(parts, n, out);
}

bool
signed_by_clock(const char *object, uint64_t iat, uint64_t now, uint64_t skew, struct fault *f)
{
	char where[96], when[WHEN_LEN];

	if (iat <= now + skew)
		return true;
	snprintf(where, sizeof where, "%s.iat", object);
	return fault_refuse(f, "not-yet-valid", where, "lies in the future, at %s", when_spell(iat, when));
}

bool
signed_in_time(const char *object, uint64_t iat, uint64_t exp, uint64_t now, struct fault *f)
{
	char where[96], when[WHEN_LEN];

	if (!signed_by_clock(object, iat, now, SIGNED_SKEW, f))
		return false;
	if (exp == 0 || exp > now)
		return true;
	snprintf(where, sizeof where, "%s.exp", object);
	return fault_refuse(f, "expired", where, "ended at %s", when_spell(exp, when));
}

uint64_t
signed_until(uint64_t now, uint64_t validity)
{
	return now < WHEN_MAX - validity ? now + validity : WHEN_MAX;
}
