/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/crl.h"

#include <openssl/x509v3.h>

#include "crypto/openssl.h"
#include "crypto/random.h"
#include "crypto/sign.h"

enum { ENTRY_ROOM = 128, NUMBER_MAX = 8, LIST_ROOM = 256 };	/* bytes around what is listed */

bool
crl_may_sign(const struct cert *c, const char *where, struct fault *f)
{
	return (X509_check_ca(c->x) == 1 && (X509_get_key_usage(c->x) & KU_CRL_SIGN) &&
	    X509_get0_subject_key_id(c->x) != NULL) || fault_request(f, where,
	    "certificate of %s: needs a CA's, with key usage cRLSign and a subject key identifier",
	    c->name);
}

void
crl_add(struct buf *entries, struct bytes serial, const struct revocation *r)
{
	static const uint8_t reason_code[] = { DER_OID, 3, 0x55, 0x1d, 0x15 };
	static struct buf since;
	uint8_t room[ENTRY_ROOM], code = (uint8_t)r->reason;
	struct der d = der_over(room, sizeof room);
	const uint8_t *end = d.p;

	since.n = 0;
	x509_time_der(r->since, &since);
	/* unspecified is said by saying nothing (RFC 5280 5.3.1) */
	if (r->reason != REASON_UNSPECIFIED) {
		der_put_as(&d, DER_ENUMERATED, (struct bytes){ &code, 1 });
		der_close(&d, DER_OCTET_STRING, end);
		der_put(&d, BYTES(reason_code));
		der_close(&d, DER_SEQUENCE, end);
		der_close(&d, DER_SEQUENCE, end);
	}
	der_put(&d, buf_bytes(&since));
	der_put_integer(&d, serial);
	der_close(&d, DER_SEQUENCE, end);
	buf_add(entries, der_written(&d));
}

static void
put_number(struct der *d, uint64_t number)
{
	static const uint8_t crl_number[] = { DER_OID, 3, 0x55, 0x1d, 0x14 };
	const uint8_t *end = d->p;
	uint8_t n[NUMBER_MAX];

	for (int i = NUMBER_MAX - 1; i >= 0; i--, number >>= 8)
		n[i] = (uint8_t)number;
	der_put_integer(d, BYTES(n));
	der_close(d, DER_OCTET_STRING, end);
	der_put(d, BYTES(crl_number));
	der_close(d, DER_SEQUENCE, end);
}

struct heading {		/* encoded: what stands before and behind the entries */
	struct buf name, times, issuer_key;
};

/* TBSCertList (RFC 5280 5.1). */
static void
put_content(struct der *d, const struct heading *h, uint64_t number, struct bytes algorithm,
    struct bytes entries)
{
	static const uint8_t version[] = { DER_INTEGER, 1, X509_CRL_VERSION_2 };
	const uint8_t *end = d->p;

	put_number(d, number);
	der_put(d, buf_bytes(&h->issuer_key));
	der_close(d, DER_SEQUENCE, end);
	der_close(d, DER_CONTEXT | DER_CONSTRUCTED, end);
	if (entries.n > 0)
		der_put_as(d, DER_SEQUENCE, entries);
	der_put(d, buf_bytes(&h->times));
	der_put(d, buf_bytes(&h->name));
	der_put(d, algorithm);
	der_put(d, BYTES(version));
	der_close(d, DER_SEQUENCE, end);
}

void
crl_make(const struct plc_issuer *issuer, uint64_t number, uint64_t this_update,
    uint64_t next_update, struct bytes entries, struct buf *out)
{
	struct heading h = { 0 };
	struct buf inside = { 0 }, room = { 0 };
	struct der content, d;
	size_t n;

	random_start();
	x509_name_der(X509_get_subject_name(issuer->cert.x), &h.name);
	x509_time_der(this_update, &h.times);
	x509_time_der(next_update, &h.times);
	extension_add_issuer(&h.issuer_key, &issuer->cert);
	n = h.name.n + h.times.n + h.issuer_key.n + entries.n + LIST_ROOM;
	content = der_over(buf_room(&inside, n), n);
	put_content(&content, &h, number, sign_x509_algorithm(issuer->key), entries);
	d = der_over(buf_room(&room, n + SIGNATURE_ROOM), n + SIGNATURE_ROOM);
	sign_put(&d, issuer->key, der_written(&content));
	buf_add(out, der_written(&d));
	buf_free(&h.name);
	buf_free(&h.times);
	buf_free(&h.issuer_key);
	buf_free(&inside);
	buf_free(&room);
}
