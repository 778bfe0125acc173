/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/ocsp.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "base/die.h"
#include "base/when.h"
#include "crypto/openssl.h"
#include "crypto/random.h"
#include "crypto/sign.h"

enum { SINGLE_ROOM = 128, ANSWER_ROOM = 512, TIME = 15 };

/* --- the responder ------------------------------------------------------------ */

/* AlgorithmIdentifiers without their parameters, which are NULL or absent (RFC 5754 2). */
static const uint8_t sha1[] = { DER_OID, 5, 0x2b, 0x0e, 0x03, 0x02, 0x1a };
static const uint8_t sha256[] = { DER_OID, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
    0x01 };
static const uint8_t sha384[] = { DER_OID, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
    0x02 };
static const uint8_t sha512[] = { DER_OID, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
    0x03 };

static size_t
digest_key(const struct cert *c, const EVP_MD *md, uint8_t *out)
{
	const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(c->x);
	unsigned n;

	if (EVP_Digest(ASN1_STRING_get0_data(key), (size_t)ASN1_STRING_length(key), out, &n, md,
	    NULL) != 1)
		die_world("cannot digest a key");
	return n;
}

static void
digest_issuer(struct responder *r)
{
	const struct { struct bytes algorithm; const EVP_MD *md; } known[] = {
		{ BYTES(sha1), EVP_sha1() }, { BYTES(sha256), EVP_sha256() },
		{ BYTES(sha384), EVP_sha384() }, { BYTES(sha512), EVP_sha512() }
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		struct ocsp_hash *h = &r->hashes[i];

		h->algorithm = known[i].algorithm;
		if (X509_NAME_digest(X509_get_subject_name(r->issuer.x), known[i].md, h->name,
		    NULL) != 1)
			die_world("cannot digest a name");
		h->n = digest_key(&r->issuer, known[i].md, h->key);
	}
}

static bool
is_delegate(const struct responder *r, struct fault *f)
{
	if (X509_check_issued(r->issuer.x, r->cert.x) != X509_V_OK ||
	    X509_verify(r->cert.x, r->issuer.key) != 1) {
		ERR_clear_error();
		return fault_request(f, "--cert", "certificate of %s was not issued by %s",
		    r->cert.name, r->issuer.name);
	}
	return (X509_get_extended_key_usage(r->cert.x) & XKU_OCSP_SIGN &&
	    X509_get_key_usage(r->cert.x) & KU_DIGITAL_SIGNATURE) ||
	    fault_request(f, "--cert",
	    "certificate of %s is not for OCSPSigning (RFC 6960 4.2.2.2)", r->cert.name);
}

bool
ocsp_open(struct responder *r, struct fault *f)
{
	char when[WHEN_LEN];

	if (key_equal(r->cert.key, r->issuer.key))
		r->cert = r->issuer;	/* whose certificate clients have */
	else if (!is_delegate(r, f))
		return false;
	if (r->cert.not_before > r->this_update || r->cert.not_after <= r->this_update)
		return fault_request(f, "--cert", "certificate of %s is not valid at %s",
		    r->cert.name, when_spell(r->this_update, when));
	cert_der(&r->cert, &r->certs);
	digest_key(&r->cert, EVP_sha1(), r->key_id);	/* byKey is SHA-1 (RFC 6960 4.2.1) */
	digest_issuer(r);
	random_start();
	return true;
}

/* --- responses ---------------------------------------------------------------- */

/* YYYYMMDDHHMMSSZ */
static void
put_time(struct der *d, uint64_t seconds)
{
	char when[WHEN_LEN];
	uint8_t digits[TIME];
	size_t n = 0;

	when_spell(seconds, when);
	for (const char *c = when; *c != '\0'; c++)
		if (*c != '-' && *c != ':' && *c != 'T')
			digits[n++] = (uint8_t)*c;
	der_put_as(d, DER_GENERALIZED_TIME, (struct bytes){ digits, n });
}

static void
put_status(struct der *d, const struct revocation *s)
{
	const uint8_t *end = d->p, code = (uint8_t)s->reason;

	if (!s->known || !s->revoked) {
		der_put_as(d, s->known ? DER_CONTEXT : DER_CONTEXT | 2, (struct bytes){ 0 });
		return;
	}
	if (s->reason != REASON_UNSPECIFIED) {
		der_put_as(d, DER_ENUMERATED, (struct bytes){ &code, 1 });
		der_close(d, DER_CONTEXT | DER_CONSTRUCTED, end);
	}
	put_time(d, s->since);
	der_close(d, DER_CONTEXT | DER_CONSTRUCTED | 1, end);
}

static void
put_single(struct der *d, const struct responder *r, struct bytes id, const struct revocation *s)
{
	const uint8_t *end = d->p;

	put_time(d, r->next_update);
	der_close(d, DER_CONTEXT | DER_CONSTRUCTED, end);
	put_time(d, r->this_update);
	put_status(d, s);
	der_put(d, id);
	der_close(d, DER_SEQUENCE, end);
}

static void
put_nonce(struct der *d, struct bytes nonce)
{
	static const uint8_t oid[] = { DER_OID, 9, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01,
	    0x02 };
	const uint8_t *end = d->p;

	der_put_as(d, DER_OCTET_STRING, nonce);
	der_close(d, DER_OCTET_STRING, end);
	der_put(d, BYTES(oid));
	der_close(d, DER_SEQUENCE, end);
	der_close(d, DER_SEQUENCE, end);
	der_close(d, DER_CONTEXT | DER_CONSTRUCTED | 1, end);
}

/* ResponseData. */
static void
put_content(struct der *d, const struct responder *r, const struct ocsp_request *q,
    const struct revocation *status)
{
	const uint8_t *end = d->p, *list;

	if (q->nonce.p != NULL)
		put_nonce(d, q->nonce);
	list = d->p;
	for (size_t i = q->n; i > 0; i--)
		put_single(d, r, q->id[i - 1], &status[i - 1]);
	der_close(d, DER_SEQUENCE, list);
	put_time(d, r->this_update);
	list = d->p;
	der_put_as(d, DER_OCTET_STRING, BYTES(r->key_id));
	der_close(d, DER_CONTEXT | DER_CONSTRUCTED | 2, list);
	der_close(d, DER_SEQUENCE, end);
}

void
ocsp_answer(const struct responder *r, const struct ocsp_request *q,
    const struct revocation *status, struct buf *out)
{
	static const uint8_t basic[] = { DER_OID, 9, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30,
	    0x01, 0x01 };
	static const uint8_t successful[] = { DER_ENUMERATED, 1, 0 };
	static struct buf inside, room;
	size_t n = ANSWER_ROOM + r->certs.n;
	struct der content, d;
	const uint8_t *end;

	for (size_t i = 0; i < q->n; i++)
		n += SINGLE_ROOM + q->id[i].n;
	content = der_over(buf_room(&inside, n), n);
	put_content(&content, r, q, status);
	d = der_over(buf_room(&room, n), n);
	end = d.p;
	der_put_as(&d, DER_SEQUENCE, buf_bytes(&r->certs));
	der_close(&d, DER_CONTEXT | DER_CONSTRUCTED, end);
	sign_put_parts(&d, r->key, der_written(&content));
	der_close(&d, DER_SEQUENCE, end);
	der_close(&d, DER_OCTET_STRING, end);
	der_put(&d, BYTES(basic));
	der_close(&d, DER_SEQUENCE, end);
	der_close(&d, DER_CONTEXT | DER_CONSTRUCTED, end);
	der_put(&d, BYTES(successful));
	der_close(&d, DER_SEQUENCE, end);
	buf_add(out, der_written(&d));
}

void
ocsp_answer_error(enum ocsp_error error, struct buf *out)
{
	buf_add(out, (struct bytes){ (const uint8_t[]){ DER_SEQUENCE, 3, DER_ENUMERATED, 1,
	    (uint8_t)error }, 5 });
}

/* --- before anybody asks -------------------------------------------------------- */

/* CertID. */
static void
put_id(struct der *d, const struct ocsp_hash *h, struct bytes serial)
{
	const uint8_t *end = d->p, *algorithm;

	der_put_integer(d, serial);
	der_put_as(d, DER_OCTET_STRING, (struct bytes){ h->key, h->n });
	der_put_as(d, DER_OCTET_STRING, (struct bytes){ h->name, h->n });
	algorithm = d->p;
	der_put_as(d, DER_NULL, (struct bytes){ 0 });
	der_put(d, h->algorithm);
	der_close(d, DER_SEQUENCE, algorithm);
	der_close(d, DER_SEQUENCE, end);
}

void
ocsp_path(const struct responder *r, struct bytes serial, char path[static OCSP_PATH_MAX],
    struct ocsp_request *q)
{
	static uint8_t room[OCSP_PATH_MAX / 4 * 3];
	struct der d = der_over(room, sizeof room);
	const uint8_t *end = d.p;

	put_id(&d, &r->hashes[0], serial);
	*q = (struct ocsp_request){ .n = 1, .id = { der_written(&d) }, .serial = { serial } };
	for (int i = 0; i < 4; i++)	/* Request, requestList, TBSRequest, OCSPRequest */
		der_close(&d, DER_SEQUENCE, end);
	EVP_EncodeBlock((unsigned char *)path, d.p, (int)d.n);
}
