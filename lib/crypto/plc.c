/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/plc.h"

#include <inttypes.h>
#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "base/die.h"
#include "base/when.h"
#include "crypto/random.h"

enum { SERIAL = 16, DEBUG_BIT = 3 };

/* --- what is on the wire: one description for writing and for reading ------- */

#define TCB_OID "2.23.133.5.4.1"
#define HARDWARE_MODULE_NAME "1.3.6.1.5.5.7.8.4"

struct fwid {
	ASN1_OBJECT *algorithm;
	ASN1_OCTET_STRING *digest;
};

ASN1_SEQUENCE(FWID) = {
	ASN1_SIMPLE(struct fwid, algorithm, ASN1_OBJECT),
	ASN1_SIMPLE(struct fwid, digest, ASN1_OCTET_STRING)
} static_ASN1_SEQUENCE_END_name(struct fwid, FWID)

/* DiceTcbInfo (TCG DICE Attestation Architecture) without the fields a PlC never has. */
struct tcb_info {
	ASN1_UTF8STRING *vendor, *model, *version;
	ASN1_INTEGER *svn;
	OPENSSL_STACK *fwids;
	ASN1_BIT_STRING *flags;
};

ASN1_SEQUENCE(TCB_INFO) = {
	ASN1_IMP_OPT(struct tcb_info, vendor, ASN1_UTF8STRING, 0),
	ASN1_IMP_OPT(struct tcb_info, model, ASN1_UTF8STRING, 1),
	ASN1_IMP_OPT(struct tcb_info, version, ASN1_UTF8STRING, 2),
	ASN1_IMP(struct tcb_info, svn, ASN1_INTEGER, 3),
	ASN1_IMP_SEQUENCE_OF_OPT(struct tcb_info, fwids, FWID, 6),
	ASN1_IMP_OPT(struct tcb_info, flags, ASN1_BIT_STRING, 7)
} static_ASN1_SEQUENCE_END_name(struct tcb_info, TCB_INFO)

struct hardware {
	ASN1_OBJECT *type;
	ASN1_OCTET_STRING *serial;
};

ASN1_SEQUENCE(HARDWARE) = {
	ASN1_SIMPLE(struct hardware, type, ASN1_OBJECT),
	ASN1_SIMPLE(struct hardware, serial, ASN1_OCTET_STRING)
} static_ASN1_SEQUENCE_END_name(struct hardware, HARDWARE)

/* --- issuing ---------------------------------------------------------------- */

static ASN1_STRING *
string(int type, struct bytes s)
{
	ASN1_STRING *string = ASN1_STRING_type_new(type);

	x509_need(string != NULL && ASN1_STRING_set(string, s.p, (int)s.n) == 1);
	return string;
}

static ASN1_UTF8STRING *
text_string(const char *name, struct text t)
{
	if (t.n == 0)
		return NULL;
	if (!text_plain(t))
		die_request("%s: needs UTF-8 without control characters", name);
	return string(V_ASN1_UTF8STRING, text_bytes(t));
}

static OPENSSL_STACK *
fwid_stack(const struct tcb *tcb)
{
	OPENSSL_STACK *all = OPENSSL_sk_new_null();

	x509_need(all != NULL);
	for (size_t i = 0; i < tcb->fwids; i++) {
		struct fwid *one = (struct fwid *)ASN1_item_new(ASN1_ITEM_rptr(FWID));

		if (tcb->fwid[i].n != DIGEST_LEN)
			die_request("fwid: needs 32 bytes, has %zu", tcb->fwid[i].n);
		x509_need(one != NULL);
		one->algorithm = OBJ_nid2obj(NID_sha256);
		x509_need(ASN1_OCTET_STRING_set(one->digest, tcb->fwid[i].p, DIGEST_LEN) == 1);
		x509_need(OPENSSL_sk_push(all, one) > 0);
	}
	return all;
}

static X509_EXTENSION *
tcb_extension(const struct tcb *tcb)
{
	struct tcb_info *info = (struct tcb_info *)ASN1_item_new(ASN1_ITEM_rptr(TCB_INFO));
	X509_EXTENSION *e;

	x509_need(info != NULL);
	info->vendor = text_string("vendor", tcb->vendor);
	info->model = text_string("model", tcb->model);
	info->version = text_string("version", tcb->version);
	x509_need(ASN1_INTEGER_set_uint64(info->svn, tcb->svn) == 1);
	if (tcb->fwids > 0)
		info->fwids = fwid_stack(tcb);
	if (tcb->debug) {
		x509_need((info->flags = ASN1_BIT_STRING_new()) != NULL);
		x509_need(ASN1_BIT_STRING_set_bit(info->flags, DEBUG_BIT, 1) == 1);
	}
	e = extension_new(TCB_OID, ASN1_ITEM_rptr(TCB_INFO), info);
	ASN1_item_free((ASN1_VALUE *)info, ASN1_ITEM_rptr(TCB_INFO));
	return e;
}

static void
add_hardware_module(X509 *x, const char *serial)
{
	struct hardware hw = { OBJ_txt2obj(ROLE_ARC, 1),
	    string(V_ASN1_OCTET_STRING, text_bytes(text_of(serial))) };
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_TYPE *value = ASN1_TYPE_new();
	ASN1_STRING *packed = ASN1_item_pack(&hw, ASN1_ITEM_rptr(HARDWARE), NULL);

	x509_need(names != NULL && name != NULL && value != NULL && packed != NULL);
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

static void
check_issuer(const struct plc_issuer *issuer)
{
	if (!key_equal(issuer->key, issuer->cert.key))
		die_world("the key is not that of the certificate of %s", issuer->cert.name);
	if (X509_check_ca(issuer->cert.x) != 1 || X509_get0_subject_key_id(issuer->cert.x) == NULL)
		die_world("certificate of %s: needs a CA with a subject key identifier",
		    issuer->cert.name);
}

void
plc_issue(const struct plc_issuer *issuer, const struct csr *csr, const struct tcb *tcb,
    uint64_t not_before, uint64_t not_after, struct buf *out)
{
	time_t from = (time_t)not_before, until = (time_t)(not_after ? not_after : WHEN_MAX);
	X509 *x = X509_new();

	check_issuer(issuer);
	random_start();
	x509_need(x != NULL && X509_set_version(x, X509_VERSION_3) == 1);
	set_serial(x);
	x509_need(X509_set_issuer_name(x, X509_get_subject_name(issuer->cert.x)) == 1);
	x509_need(ASN1_TIME_set(X509_getm_notBefore(x), from) != NULL);
	x509_need(ASN1_TIME_set(X509_getm_notAfter(x), until) != NULL);
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

/* s was copied out of der, so it is there; among equal places any will do. */
static struct bytes
view(struct bytes der, const ASN1_STRING *s)
{
	size_t n = (size_t)ASN1_STRING_length(s);
	const uint8_t *p = memmem(der.p, der.n, ASN1_STRING_get0_data(s), n);

	return (struct bytes){ p, p != NULL ? n : 0 };
}

static bool
read_text(const ASN1_UTF8STRING *s, struct bytes der, const char *name, struct text *t,
    struct fault *f)
{
	struct bytes v;

	if (s == NULL)
		return true;
	v = view(der, s);
	*t = (struct text){ v.p, v.n };
	return (v.n > 0 && text_plain(*t)) ||
	    fault_request(f, name, "needs UTF-8 without control characters");
}

static bool
read_fwids(const OPENSSL_STACK *all, struct bytes der, struct tcb *tcb, struct fault *f)
{
	int n = OPENSSL_sk_num(all);

	if (all == NULL)
		return true;
	if (n < 1 || n > FWIDS_MAX)
		return fault_request(f, "tcb.fwids", "needs 1..%d, has %d", FWIDS_MAX, n);
	for (int i = 0; i < n; i++) {
		const struct fwid *one = OPENSSL_sk_value(all, i);

		tcb->fwid[i] = view(der, one->digest);
		if (OBJ_obj2nid(one->algorithm) != NID_sha256 || tcb->fwid[i].n != DIGEST_LEN)
			return fault_request(f, "tcb.fwids", "number %d is not SHA-256", i + 1);
	}
	tcb->fwids = (size_t)n;
	return true;
}

static bool
read_flags(const ASN1_BIT_STRING *flags, struct tcb *tcb, struct fault *f)
{
	static const uint8_t debug[] = { 0x80 >> DEBUG_BIT };

	if (flags == NULL)
		return true;
	tcb->debug = true;
	return (flags->length == sizeof debug && flags->data[0] == debug[0] &&
	    (flags->flags & 7) == 7 - DEBUG_BIT) ||	/* X.690 11.2.2: no bits after the last */
	    fault_request(f, "tcb.flags", "needs debug (bit %d) alone", DEBUG_BIT);
}

static bool
read_tcb(const struct tcb_info *info, struct bytes der, struct tcb *tcb, struct fault *f)
{
	return read_text(info->vendor, der, "tcb.vendor", &tcb->vendor, f) &&
	    read_text(info->model, der, "tcb.model", &tcb->model, f) &&
	    read_text(info->version, der, "tcb.version", &tcb->version, f) &&
	    (ASN1_INTEGER_get_uint64(&tcb->svn, info->svn) == 1 ||
	        fault_request(f, "tcb.svn", "needs a number below 2^64")) &&
	    read_fwids(info->fwids, der, tcb, f) && read_flags(info->flags, tcb, f);
}

static bool
read_extensions(const struct cert *c, struct bytes der, struct plc *p, struct fault *f)
{
	const X509_EXTENSIONS *all = X509_get0_extensions(c->x);
	struct tcb_info *info;
	bool ok;

	if (!key_is_p256(c->key))
		return fault_request(f, "key", "needs a key on P-256");
	if (!ueid_get(all, p->ueid, &p->ueid_n, f))
		return false;
	info = extension_get(all, TCB_OID, ASN1_ITEM_rptr(TCB_INFO), "tcb", f);
	if (info == NULL)
		return false;
	ok = read_tcb(info, der, &p->tcb, f);
	ASN1_item_free((ASN1_VALUE *)info, ASN1_ITEM_rptr(TCB_INFO));
	return ok;
}

bool
plc_read(struct bytes der, struct plc *p, const char *where, struct fault *f)
{
	struct cert c;
	bool ok;

	*p = (struct plc){ 0 };
	if (!cert_read(der, &c, where, f))
		return false;
	ok = read_extensions(&c, der, p, f);
	if (!ok && where != NULL)
		fault_inside(f, where);
	ERR_clear_error();
	cert_free(&c);
	return ok;
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
	snprintf(line, sizeof line, ", svn %" PRIu64 ", %zu measurement%s%s", p.tcb.svn,
	    p.tcb.fwids, p.tcb.fwids == 1 ? "" : "s", p.tcb.debug ? ", debug" : "");
	buf_add(out, text_bytes(text_of(line)));
}
