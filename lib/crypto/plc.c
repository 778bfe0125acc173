/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/plc.h"

#include <inttypes.h>
#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "base/die.h"
#include "crypto/openssl.h"
#include "crypto/random.h"

enum { SERIAL = 16 };

#define HARDWARE_MODULE_NAME "1.3.6.1.5.5.7.8.4"

struct hardware {
	ASN1_OBJECT *type;
	ASN1_OCTET_STRING *serial;
};

ASN1_SEQUENCE(HARDWARE) = {
	ASN1_SIMPLE(struct hardware, type, ASN1_OBJECT),
	ASN1_SIMPLE(struct hardware, serial, ASN1_OCTET_STRING)
} static_ASN1_SEQUENCE_END_name(struct hardware, HARDWARE)

/* --- issuing ---------------------------------------------------------------- */

static void
add_hardware_module(X509 *x, const char *serial)
{
	struct hardware hw = { OBJ_txt2obj(ROLE_ARC, 1), ASN1_OCTET_STRING_new() };
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_TYPE *value = ASN1_TYPE_new();
	ASN1_STRING *packed;

	x509_need(hw.type != NULL && hw.serial != NULL && names != NULL && name != NULL && value != NULL);
	x509_need(ASN1_STRING_set(hw.serial, serial, -1) == 1);
	x509_need((packed = ASN1_item_pack(&hw, ASN1_ITEM_rptr(HARDWARE), NULL)) != NULL);
	ASN1_TYPE_set(value, V_ASN1_SEQUENCE, packed);
	x509_need(GENERAL_NAME_set0_othername(name, OBJ_txt2obj(HARDWARE_MODULE_NAME, 1),
	    value) == 1);
	x509_need(sk_GENERAL_NAME_push(names, name) > 0);
	x509_need(X509_add1_ext_i2d(x, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1);
	GENERAL_NAMES_free(names);
	ASN1_OBJECT_free(hw.type);
	ASN1_OCTET_STRING_free(hw.serial);
}

static void
add_issuer_key(X509 *x, const struct cert *issuer)
{
	AUTHORITY_KEYID *aki = AUTHORITY_KEYID_new();

	x509_need(aki != NULL);
	aki->keyid = ASN1_OCTET_STRING_dup(X509_get0_subject_key_id(issuer->x));
	x509_need(aki->keyid != NULL);
	x509_need(X509_add1_ext_i2d(x, NID_authority_key_identifier, aki, 0,
	    X509V3_ADD_DEFAULT) == 1);
	AUTHORITY_KEYID_free(aki);
}

/* Critical, so that no stranger's software takes a platform key for something else. */
static void
add_uses(X509 *x)
{
	ASN1_BIT_STRING *usage = ASN1_BIT_STRING_new();
	EXTENDED_KEY_USAGE *roles = EXTENDED_KEY_USAGE_new();
	char oid[64];

	snprintf(oid, sizeof oid, "%s.%d", ROLE_ARC, (int)ROLE_TRE);
	x509_need(usage != NULL && roles != NULL);
	x509_need(ASN1_BIT_STRING_set_bit(usage, 0, 1) == 1);	/* digitalSignature */
	x509_need(sk_ASN1_OBJECT_push(roles, OBJ_txt2obj(oid, 1)) > 0);
	x509_need(X509_add1_ext_i2d(x, NID_key_usage, usage, 1, X509V3_ADD_DEFAULT) == 1);
	x509_need(X509_add1_ext_i2d(x, NID_ext_key_usage, roles, 1, X509V3_ADD_DEFAULT) == 1);
	EXTENDED_KEY_USAGE_free(roles);
	ASN1_BIT_STRING_free(usage);
}

static void
add_extension(X509 *x, X509_EXTENSION *e)
{
	x509_need(X509_add_ext(x, e, -1) == 1);
	X509_EXTENSION_free(e);
}

/* Positive, not zero, and never shorter than it should be (RFC 5280 4.1.2.2). */
static void
set_serial(X509 *x)
{
	uint8_t serial[SERIAL];
	BIGNUM *n;

	random_bytes(serial, sizeof serial);
	serial[0] = (uint8_t)((serial[0] & 0x7f) | 0x40);
	x509_need((n = BN_bin2bn(serial, sizeof serial, NULL)) != NULL);
	x509_need(BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != NULL);
	BN_free(n);
}

bool
plc_may_issue(const struct cert *c, const char *where, struct fault *f)
{
	if (X509_check_ca(c->x) != 1)
		return fault_request(f, where, "certificate of %s is no CA's", c->name);
	return X509_get0_subject_key_id(c->x) != NULL ||
	    fault_request(f, where, "certificate of %s: needs a subject key identifier", c->name);
}

void
plc_issue(const struct plc_issuer *issuer, const struct csr *csr, const struct tcb *tcb,
    uint64_t not_before, uint64_t not_after, struct buf *out)
{
	X509 *x = X509_new();

	random_start();
	x509_need(x != NULL && X509_set_version(x, X509_VERSION_3) == 1);
	set_serial(x);
	x509_need(X509_set_issuer_name(x, X509_get_subject_name(issuer->cert.x)) == 1);
	x509_need(ASN1_TIME_set(X509_getm_notBefore(x), (time_t)not_before) != NULL);
	x509_need(ASN1_TIME_set(X509_getm_notAfter(x), (time_t)not_after) != NULL);
	subject_fill(X509_get_subject_name(x), csr->serial);
	x509_need(X509_set_pubkey(x, csr->key) == 1);
	add_issuer_key(x, &issuer->cert);
	add_uses(x);
	add_hardware_module(x, csr->serial);
	add_extension(x, ueid_extension((struct bytes){ csr->ueid, csr->ueid_n }));
	add_extension(x, tcb_extension(tcb));
	x509_need(X509_sign(x, issuer->key,
	    EVP_PKEY_is_a(issuer->key, "ED25519") ? NULL : EVP_sha256()) > 0);
	cert_der(&(struct cert){ .x = x }, out);
	X509_free(x);
}

/* --- reading ---------------------------------------------------------------- */

static bool
read_extensions(const struct cert *c, struct bytes der, struct plc *p, const char *where, struct fault *f)
{
	const X509_EXTENSIONS *all = X509_get0_extensions(c->x);

	*p = (struct plc){ 0 };
	if (key_is_p256(c->key) ? ueid_get(all, p->ueid, &p->ueid_n, f) && tcb_get(all, der, &p->tcb, f) :
	    fault_request(f, "key", "needs a key on P-256"))
		return true;
	if (where != NULL)
		fault_inside(f, where);
	ERR_clear_error();
	return false;
}

bool
plc_read(struct bytes der, struct plc *p, const char *where, struct fault *f)
{
	struct cert c;
	bool ok;

	if (!cert_read(der, &c, where, f))
		return false;
	ok = read_extensions(&c, der, p, where, f);
	cert_free(&c);
	return ok;
}

bool
plc_of(const struct cert *c, struct plc *p, const char *where, struct fault *f)
{
	static struct buf der;

	der.n = 0;
	cert_der(c, &der);
	return read_extensions(c, buf_bytes(&der), p, where, f);
}

static void
add_text(struct buf *out, const char *before, struct text t)
{
	buf_add(out, text_bytes(text_of(before)));
	buf_add(out, text_bytes(t.n > 0 ? t : text_of("-")));
}

void
plc_describe(struct bytes der, struct buf *out)
{
	struct plc p;
	struct fault f;
	char line[sizeof f.fact + sizeof f.where + 64], digits[HEX_MAX];

	if (!plc_read(der, &p, NULL, &f)) {
		snprintf(line, sizeof line, ", no platform credential: %s%s%s", f.where,
		    *f.where ? ": " : "", f.fact);
		buf_add(out, text_bytes(text_of(line)));
		return;
	}
	add_text(out, ", ueid ", text_of(hex((struct bytes){ p.ueid, p.ueid_n }, digits)));
	add_text(out, ", ", p.tcb.vendor);
	add_text(out, "/", p.tcb.model);
	add_text(out, "/", p.tcb.version);
	if (p.tcb.svn_stated) {
		snprintf(line, sizeof line, ", svn %" PRIu64, p.tcb.svn);
		buf_add(out, text_bytes(text_of(line)));
	}
	snprintf(line, sizeof line, ", %zu measurement%s%s", p.tcb.fwids,
	    p.tcb.fwids == 1 ? "" : "s", p.tcb.debug ? ", debug" : "");
	buf_add(out, text_bytes(text_of(line)));
}
