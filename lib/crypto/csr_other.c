/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that say the same in other bytes: OpenSSL knows all ways to write one, at ten times the cost. */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "crypto/csr.h"
#include "crypto/extension.h"
#include "crypto/openssl.h"

static X509_REQ *
parse(struct bytes der)
{
	const uint8_t *p = der.p;
	X509_REQ *req = der.n > 0 ? d2i_X509_REQ(NULL, &p, (long)der.n) : NULL;
	unsigned char *again = NULL;
	int n;
	bool same;

	ERR_clear_error();
	if (req == NULL)
		return NULL;
	n = i2d_X509_REQ(req, &again);
	same = n > 0 && bytes_equal(der, (struct bytes){ again, (size_t)n });
	OPENSSL_free(again);
	if (same)
		return req;
	X509_REQ_free(req);
	return NULL;
}

static bool
check_subject(const X509_REQ *req, struct csr *c, struct fault *f)
{
	X509_NAME *has = X509_REQ_get_subject_name(req), *wanted;
	uint8_t room[SUBJECT_MAX];
	struct der d = der_over(room, sizeof room);
	const uint8_t *p;
	bool same;

	if (!name_part(has, NID_serialNumber, c->serial) || !serial_fits(c->serial))
		return fault_request(f, "subject", "needs one serialNumber of 1..%d characters",
		    SERIAL_MAX);
	subject_put(&d, c->serial);
	p = d.p;
	x509_need((wanted = d2i_X509_NAME(NULL, &p, (long)d.n)) != NULL);
	same = X509_NAME_cmp(wanted, has) == 0;
	X509_NAME_free(wanted);
	return same || fault_request(f, "subject",
	    "needs serialNumber=%s and CN=M2ME %s, no more", c->serial, c->serial);
}

static bool
check_extensions(X509_REQ *req, struct csr *c, struct fault *f)
{
	X509_EXTENSIONS *all = X509_REQ_get_extensions(req);
	int n = sk_X509_EXTENSION_num(all);
	bool ok;

	if (X509_REQ_get_attr_count(req) != 1 || n != 1 ||
	    X509_REQ_get_attr_by_NID(req, NID_ext_req, -1) != 0)
		ok = fault_request(f, NULL, "needs a UEID as its one attribute and extension");
	else
		ok = ueid_get(all, c->ueid, &c->ueid_n, f);
	sk_X509_EXTENSION_pop_free(all, X509_EXTENSION_free);
	return ok;
}

static bool
check(X509_REQ *req, struct csr *c, struct fault *f)
{
	EVP_PKEY *key = X509_REQ_get0_pubkey(req);

	if (X509_REQ_get_version(req) != X509_REQ_VERSION_1)
		return fault_request(f, NULL, "needs version 1, has another");
	if (key == NULL || !key_is_p256(key))
		return fault_request(f, NULL, "needs a key on P-256");
	if (X509_REQ_get_signature_nid(req) != NID_ecdsa_with_SHA256)
		return fault_request(f, NULL, "needs a signature by ecdsa-with-SHA256");
	key_point(key, c->x, c->y);
	if (!check_subject(req, c, f) || !check_extensions(req, c, f))
		return false;
	return X509_REQ_verify(req, key) == 1 || csr_not_possessed(f);
}

bool
csr_read_otherwise(struct bytes der, struct csr *c, struct fault *f)
{
	X509_REQ *req = parse(der);
	bool ok;

	if (req == NULL)
		return fault_request(f, NULL, "not a certification request");
	ok = check(req, c, f);
	X509_REQ_free(req);
	ERR_clear_error();
	return ok;
}
