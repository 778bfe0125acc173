/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/extension.h"

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/die.h"
#include "crypto/openssl.h"

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
	const char *reason;

	if (done)
		return;
	reason = ERR_reason_error_string(ERR_peek_last_error());
	die_world("cannot make a certificate or request: %s", reason != NULL ? reason : "no memory");
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

void
extension_add(struct buf *out, X509_EXTENSION *e)
{
	x509_item_der(e, ASN1_ITEM_rptr(X509_EXTENSION), out);
	X509_EXTENSION_free(e);
}

void
extension_add_known(struct buf *out, int nid, bool critical, void *value)
{
	X509_EXTENSION *e = X509V3_EXT_i2d(nid, critical, value);

	x509_need(e != NULL);
	extension_add(out, e);
}

void
extension_add_issuer(struct buf *out, const struct cert *issuer)
{
	AUTHORITY_KEYID *aki = AUTHORITY_KEYID_new();

	x509_need(aki != NULL);
	aki->keyid = ASN1_OCTET_STRING_dup(X509_get0_subject_key_id(issuer->x));
	x509_need(aki->keyid != NULL);
	extension_add_known(out, NID_authority_key_identifier, false, aki);
	AUTHORITY_KEYID_free(aki);
}

void
ueid_put(struct der *d, struct bytes ueid)
{
	static const uint8_t oid[] = { DER_OID, 6, 0x67, 0x81, 0x05, 0x05, 0x04, 0x04 };
	const uint8_t *end = d->p;

	der_put_as(d, DER_OCTET_STRING, ueid);
	der_close(d, DER_SEQUENCE, end);
	der_close(d, DER_OCTET_STRING, end);
	der_put(d, BYTES(oid));
	der_close(d, DER_SEQUENCE, end);
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
