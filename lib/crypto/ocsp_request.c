/* SPDX-License-Identifier: Apache-2.0 */
/* Requests taken apart: ocsp_read(). */
#include "crypto/ocsp.h"

enum { NONCE_MAX = 128 };

static bool
malformed(struct fault *f, const char *fact)
{
	return fault_request(f, NULL, "not an OCSP request: %s (RFC 6960 4.1.1)", fact);
}

/* CertID: whether it is of our issuer's certificate, and which. */
static bool
read_id(const struct responder *r, struct bytes id, struct bytes *serial, struct fault *f)
{
	struct bytes algorithm, name, key, parameters;

	if (!der_take(&id, DER_SEQUENCE, &algorithm) || !der_take(&id, DER_OCTET_STRING, &name) ||
	    !der_take(&id, DER_OCTET_STRING, &key) || !der_take(&id, DER_INTEGER, serial) ||
	    id.n > 0 ||
	    serial->n == 0)
		return malformed(f, "CertID");
	for (size_t i = 0; i < sizeof r->hashes / sizeof r->hashes[0]; i++) {
		const struct ocsp_hash *h = &r->hashes[i];

		if (algorithm.n < h->algorithm.n ||
		    memcmp(algorithm.p, h->algorithm.p, h->algorithm.n) != 0)
			continue;
		parameters = (struct bytes){ algorithm.p + h->algorithm.n,
		    algorithm.n - h->algorithm.n };
		if (parameters.n > 0 && !bytes_equal(parameters,
		    BYTES(((const uint8_t[]){ DER_NULL, 0 }))))
			return malformed(f, "hashAlgorithm");
		if (bytes_equal(name, (struct bytes){ h->name, h->n }) &&
		    bytes_equal(key, (struct bytes){ h->key, h->n }))
			return true;
	}
	*serial = (struct bytes){ 0 };
	return true;
}

static bool
read_list(const struct responder *r, struct bytes list, struct ocsp_request *q, struct fault *f)
{
	struct bytes one, content, extensions, before;

	for (; list.n > 0; q->n++) {
		if (q->n == OCSP_CERTS_MAX || !der_take(&list, DER_SEQUENCE, &one))
			return malformed(f, q->n == OCSP_CERTS_MAX ?
			    "asks too much" : "requestList");
		before = one;
		if (!der_take(&one, DER_SEQUENCE, &content))
			return malformed(f, "reqCert");
		q->id[q->n] = (struct bytes){ before.p, before.n - one.n };
		if (one.n > 0 && (!der_take(&one, DER_CONTEXT | DER_CONSTRUCTED, &extensions) ||
		    one.n > 0))
			return malformed(f, "singleRequestExtensions");
		if (!read_id(r, content, &q->serial[q->n], f))
			return false;
	}
	return q->n > 0 || malformed(f, "asks nothing");
}

/* One octet string inside the other (RFC 9654 2.1). */
static bool
read_nonce(struct bytes value, struct ocsp_request *q, struct fault *f)
{
	if (q->nonce.p != NULL || !der_take(&value, DER_OCTET_STRING, &q->nonce) || value.n > 0 ||
	    q->nonce.n == 0 || q->nonce.n > NONCE_MAX)
		return malformed(f, "nonce: needs one of 1..128 bytes");
	return true;
}

static bool
read_extensions(struct bytes all, struct ocsp_request *q, struct fault *f)
{
	static const uint8_t nonce[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02 };
	struct bytes list, one, oid, critical, value;

	if (!der_take(&all, DER_SEQUENCE, &list) || all.n > 0 || list.n == 0)
		return malformed(f, "requestExtensions");
	while (list.n > 0) {
		critical = (struct bytes){ 0 };
		if (!der_take(&list, DER_SEQUENCE, &one) || !der_take(&one, DER_OID, &oid) ||
		    (one.n > 0 && *one.p == DER_BOOLEAN &&
		    !der_take(&one, DER_BOOLEAN, &critical)) ||
		    !der_take(&one, DER_OCTET_STRING, &value) || one.n > 0)
			return malformed(f, "requestExtensions");
		if (bytes_equal(oid, BYTES(nonce))) {
			if (!read_nonce(value, q, f))
				return false;
		} else if (critical.n > 0 && *critical.p != 0)
			return malformed(f, "an unknown extension is critical");
	}
	return true;
}

/* TBSRequest. */
static bool
read_content(const struct responder *r, struct bytes in, struct ocsp_request *q, struct fault *f)
{
	static const uint8_t v1[] = { DER_INTEGER, 1, 0 };
	struct bytes version, name, list, extensions = { 0 };

	if (in.n > 0 && *in.p == (DER_CONTEXT | DER_CONSTRUCTED) &&
	    (!der_take(&in, DER_CONTEXT | DER_CONSTRUCTED, &version) ||
	    !bytes_equal(version, BYTES(v1))))
		return malformed(f, "version");
	if (in.n > 0 && *in.p == (DER_CONTEXT | DER_CONSTRUCTED | 1) &&
	    !der_take(&in, DER_CONTEXT | DER_CONSTRUCTED | 1, &name))
		return malformed(f, "requestorName");
	if (!der_take(&in, DER_SEQUENCE, &list))
		return malformed(f, "requestList");
	if (in.n > 0 && (!der_take(&in, DER_CONTEXT | DER_CONSTRUCTED | 2, &extensions) ||
	    in.n > 0))
		return malformed(f, "requestExtensions");
	if (extensions.p != NULL && !read_extensions(extensions, q, f))
		return false;
	return read_list(r, list, q, f);
}

/* Who signed a request, if anybody, is not asked: the answer is everybody's. */
bool
ocsp_read(const struct responder *r, struct bytes der, struct ocsp_request *q, struct fault *f)
{
	struct bytes all, content, signature;

	q->n = 0;
	q->nonce = (struct bytes){ 0 };
	if (!der_take(&der, DER_SEQUENCE, &all) || der.n > 0 ||
	    !der_take(&all, DER_SEQUENCE, &content))
		return malformed(f, "no sequence");
	if (all.n > 0 && (!der_take(&all, DER_CONTEXT | DER_CONSTRUCTED, &signature) || all.n > 0))
		return malformed(f, "optionalSignature");
	return read_content(r, content, q, f);
}
