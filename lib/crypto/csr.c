/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/csr.h"

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "base/die.h"
#include "crypto/openssl.h"
#include "crypto/random.h"

struct ueid {
	ASN1_OCTET_STRING *ueid;
};

ASN1_SEQUENCE(UEID) = {
	ASN1_SIMPLE(struct ueid, ueid, ASN1_OCTET_STRING)
} static_ASN1_SEQUENCE_END_name(struct ueid, UEID)

/* --- writing ---------------------------------------------------------------- */

void
x509_need(bool done)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	if (!done)
		die_world("cannot make a certificate or request: %s",
		    reason != NULL ? reason : "no memory");
}

bool
serial_fits(const char *serial)
{
	static const char printable[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789 '()+,-./:=?";
	size_t n = strlen(serial);

	return n > 0 && n <= SERIAL_MAX && strspn(serial, printable) == n;
}

void
subject_fill(X509_NAME *name, const char *serial)
{
	char cn[NAME_MAX_X509];

	snprintf(cn, sizeof cn, "M2ME %s", serial);
	x509_need(X509_NAME_add_entry_by_NID(name, NID_serialNumber, MBSTRING_UTF8,
	    (const unsigned char *)serial, -1, -1, 0) == 1);
	x509_need(X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
	    (const unsigned char *)cn, -1, -1, 0) == 1);
}

X509_EXTENSION *
extension_new(const char *oid, const ASN1_ITEM *type, const void *value)
{
	ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
	ASN1_OCTET_STRING *der = ASN1_item_pack((void *)(uintptr_t)value, type, NULL);
	X509_EXTENSION *e = NULL;

	x509_need(object != NULL && der != NULL &&
	    (e = X509_EXTENSION_create_by_OBJ(NULL, object, 0, der)) != NULL);
	ASN1_OCTET_STRING_free(der);
	ASN1_OBJECT_free(object);
	return e;
}

X509_EXTENSION *
ueid_extension(struct bytes ueid)
{
	struct ueid value = { ASN1_OCTET_STRING_new() };
	X509_EXTENSION *e;

	x509_need(value.ueid != NULL);
	x509_need(ASN1_OCTET_STRING_set(value.ueid, ueid.p, (int)ueid.n) == 1);
	e = extension_new(UEID_OID, ASN1_ITEM_rptr(UEID), &value);
	ASN1_OCTET_STRING_free(value.ueid);
	return e;
}

static void
append(X509_REQ *req, struct buf *out)
{
	int n = i2d_X509_REQ(req, NULL);
	unsigned char *p;

	x509_need(n > 0);
	p = buf_room(out, (size_t)n);
	i2d_X509_REQ(req, &p);
	out->n += (size_t)n;
}

void
csr_make(EVP_PKEY *platform, const char *serial, struct bytes ueid, struct buf *out)
{
	X509_REQ *req = X509_REQ_new();
	X509_EXTENSIONS *wanted = sk_X509_EXTENSION_new_null();

	if (!serial_fits(serial))
		die_request("serial number '%s': "
		    "needs 1..%d letters, digits, blanks or '()+,-./:=?", serial, SERIAL_MAX);
	if (ueid.n < UEID_MIN || ueid.n > UEID_MAX)
		die_request("UEID: needs %d..%d bytes, has %zu", UEID_MIN, UEID_MAX, ueid.n);
	random_start();
	x509_need(req != NULL && wanted != NULL);
	subject_fill(X509_REQ_get_subject_name(req), serial);
	x509_need(sk_X509_EXTENSION_push(wanted, ueid_extension(ueid)) > 0);
	x509_need(X509_REQ_set_version(req, X509_REQ_VERSION_1) == 1);
	x509_need(X509_REQ_set_pubkey(req, platform) == 1);
	x509_need(X509_REQ_add_extensions(req, wanted) == 1);
	x509_need(X509_REQ_sign(req, platform, EVP_sha256()) > 0);
	append(req, out);
	sk_X509_EXTENSION_pop_free(wanted, X509_EXTENSION_free);
	X509_REQ_free(req);
}

/* --- reading ---------------------------------------------------------------- */

/* OpenSSL's decoder takes BER for DER; what encodes to the same bytes again was DER. */
static void *
decode(const ASN1_OCTET_STRING *der, const ASN1_ITEM *type)
{
	void *value = ASN1_item_unpack(der, type);
	ASN1_OCTET_STRING *again = value ? ASN1_item_pack(value, type, NULL) : NULL;

	if (again == NULL || ASN1_STRING_cmp(der, again) != 0) {
		ASN1_item_free(value, type);
		value = NULL;
	}
	ASN1_OCTET_STRING_free(again);
	ERR_clear_error();
	return value;
}

void *
extension_get(const X509_EXTENSIONS *all, const char *oid, const ASN1_ITEM *type,
    const char *name, struct fault *f)
{
	ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
	int at = X509v3_get_ext_by_OBJ(all, object, -1);
	bool twice = at >= 0 && X509v3_get_ext_by_OBJ(all, object, at) >= 0;
	void *value = NULL;

	ASN1_OBJECT_free(object);
	if (at >= 0 && !twice)
		value = decode(X509_EXTENSION_get_data(X509v3_get_ext(all, at)), type);
	if (value == NULL)
		fault_request(f, name, "extension %s is %s", oid,
		    at < 0 ? "missing" : twice ? "there twice" : "malformed");
	return value;
}

bool
ueid_get(const X509_EXTENSIONS *all, uint8_t ueid[static UEID_MAX], size_t *n, struct fault *f)
{
	struct ueid *value = extension_get(all, UEID_OID, ASN1_ITEM_rptr(UEID), "ueid", f);

	if (value == NULL)
		return false;
	*n = (size_t)ASN1_STRING_length(value->ueid);
	if (*n >= UEID_MIN && *n <= UEID_MAX)
		memcpy(ueid, ASN1_STRING_get0_data(value->ueid), *n);
	ASN1_item_free((ASN1_VALUE *)value, ASN1_ITEM_rptr(UEID));
	return (*n >= UEID_MIN && *n <= UEID_MAX) ||
	    fault_request(f, "ueid", "needs %d..%d bytes, has %zu", UEID_MIN, UEID_MAX, *n);
}

static X509_REQ *
parse(struct bytes der)
{
	const uint8_t *p = der.p;
	X509_REQ *req = der.n > 0 ? d2i_X509_REQ(NULL, &p, (long)der.n) : NULL;
	struct buf again = { 0 };
	bool same;

	ERR_clear_error();
	if (req == NULL)
		return NULL;
	append(req, &again);
	same = bytes_equal(der, buf_bytes(&again));
	buf_free(&again);
	if (same)
		return req;
	X509_REQ_free(req);
	return NULL;
}

static bool
check_subject(const X509_REQ *req, struct csr *c, struct fault *f)
{
	X509_NAME *has = X509_REQ_get_subject_name(req), *wanted = X509_NAME_new();
	bool same;

	x509_need(wanted != NULL);
	if (!name_part(has, NID_serialNumber, c->serial) || !serial_fits(c->serial)) {
		X509_NAME_free(wanted);
		return fault_request(f, "subject", "needs one serialNumber of 1..%d characters",
		    SERIAL_MAX);
	}
	subject_fill(wanted, c->serial);
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
	if (X509_REQ_get_version(req) != X509_REQ_VERSION_1)
		return fault_request(f, NULL, "needs version 1, has another");
	c->key = X509_REQ_get_pubkey(req);
	if (c->key == NULL || !key_is_p256(c->key))
		return fault_request(f, NULL, "needs a key on P-256");
	if (X509_REQ_get_signature_nid(req) != NID_ecdsa_with_SHA256)
		return fault_request(f, NULL, "needs a signature by ecdsa-with-SHA256");
	if (!check_subject(req, c, f) || !check_extensions(req, c, f))
		return false;
	if (X509_REQ_verify(req, c->key) != 1)
		return fault_refuse(f, "bad-signature", NULL, "not signed by the key it holds");
	return true;
}

bool
csr_read(struct bytes der, struct csr *c, struct fault *f)
{
	X509_REQ *req = parse(der);
	bool ok;

	*c = (struct csr){ 0 };
	if (req == NULL)
		return fault_request(f, NULL, "not a certification request");
	ok = check(req, c, f);
	X509_REQ_free(req);
	ERR_clear_error();
	if (!ok)
		csr_free(c);
	return ok;
}

void
csr_free(struct csr *c)
{
	EVP_PKEY_free(c->key);
	*c = (struct csr){ 0 };
}
