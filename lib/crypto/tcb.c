/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tcb.h"

#include <openssl/asn1t.h>
#include <openssl/x509v3.h>

#include "base/die.h"
#include "base/plain.h"
#include "crypto/openssl.h"

enum { DEBUG_BIT = 3 };

/* --- what is on the wire: one description for writing and for reading ------- */

#define TCB_OID "2.23.133.5.4.1"
#define TYPE_TPM "tpm"

struct fwid {
	ASN1_OBJECT *algorithm;
	ASN1_OCTET_STRING *digest;
};

ASN1_SEQUENCE(FWID) = {
	ASN1_SIMPLE(struct fwid, algorithm, ASN1_OBJECT),
	ASN1_SIMPLE(struct fwid, digest, ASN1_OCTET_STRING)
} static_ASN1_SEQUENCE_END_name(struct fwid, FWID)

/* Without the fields a PlC never has. */
struct tcb_info {
	ASN1_UTF8STRING *vendor, *model, *version;
	ASN1_INTEGER *svn;
	OPENSSL_STACK *fwids;
	ASN1_BIT_STRING *flags;
	ASN1_OCTET_STRING *type;
};

ASN1_SEQUENCE(TCB_INFO) = {
	ASN1_IMP_OPT(struct tcb_info, vendor, ASN1_UTF8STRING, 0),
	ASN1_IMP_OPT(struct tcb_info, model, ASN1_UTF8STRING, 1),
	ASN1_IMP_OPT(struct tcb_info, version, ASN1_UTF8STRING, 2),
	ASN1_IMP_OPT(struct tcb_info, svn, ASN1_INTEGER, 3),
	ASN1_IMP_SEQUENCE_OF_OPT(struct tcb_info, fwids, FWID, 6),
	ASN1_IMP_OPT(struct tcb_info, flags, ASN1_BIT_STRING, 7),
	ASN1_IMP_OPT(struct tcb_info, type, ASN1_OCTET_STRING, 9)
} static_ASN1_SEQUENCE_END_name(struct tcb_info, TCB_INFO)

/* --- writing ---------------------------------------------------------------- */

static ASN1_UTF8STRING *
text_string(const char *name, struct text t)
{
	ASN1_UTF8STRING *s;

	if (t.n == 0)
		return NULL;
	if (!text_plain(t))
		die_request("%s: needs UTF-8 without control characters", name);
	x509_need((s = ASN1_UTF8STRING_new()) != NULL && ASN1_STRING_set(s, t.p, (int)t.n) == 1);
	return s;
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

X509_EXTENSION *
tcb_extension(const struct tcb *tcb)
{
	struct tcb_info *info = (struct tcb_info *)ASN1_item_new(ASN1_ITEM_rptr(TCB_INFO));
	X509_EXTENSION *e;

	x509_need(info != NULL);
	info->vendor = text_string("vendor", tcb->vendor);
	info->model = text_string("model", tcb->model);
	info->version = text_string("version", tcb->version);
	if (tcb->svn_stated) {
		x509_need((info->svn = ASN1_INTEGER_new()) != NULL);
		x509_need(ASN1_INTEGER_set_uint64(info->svn, tcb->svn) == 1);
	}
	if (tcb->fwids > 0)
		info->fwids = fwid_stack(tcb);
	if (tcb->debug) {
		x509_need((info->flags = ASN1_BIT_STRING_new()) != NULL);
		x509_need(ASN1_BIT_STRING_set_bit(info->flags, DEBUG_BIT, 1) == 1);
	}
	if (tcb->tpm) {
		x509_need((info->type = ASN1_OCTET_STRING_new()) != NULL);
		x509_need(ASN1_OCTET_STRING_set(info->type, (const uint8_t *)TYPE_TPM, sizeof TYPE_TPM - 1) == 1);
	}
	e = extension_new(TCB_OID, ASN1_ITEM_rptr(TCB_INFO), info);
	ASN1_item_free((ASN1_VALUE *)info, ASN1_ITEM_rptr(TCB_INFO));
	return e;
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
read_type(const ASN1_OCTET_STRING *type, struct tcb *tcb, struct fault *f)
{
	tcb->tpm = type != NULL;
	return type == NULL ||
	    bytes_equal((struct bytes){ type->data, (size_t)type->length }, text_bytes(text_of(TYPE_TPM))) ||
	    fault_request(f, "tcb.type", "needs " TYPE_TPM);
}

static bool
read_svn(const ASN1_INTEGER *svn, struct tcb *tcb, struct fault *f)
{
	tcb->svn_stated = svn != NULL;
	return svn == NULL || ASN1_INTEGER_get_uint64(&tcb->svn, svn) == 1 ||
	    fault_request(f, "tcb.svn", "needs a number below 2^64");
}

static bool
read_tcb(const struct tcb_info *info, struct bytes der, struct tcb *tcb, struct fault *f)
{
	return read_text(info->vendor, der, "tcb.vendor", &tcb->vendor, f) &&
	    read_text(info->model, der, "tcb.model", &tcb->model, f) &&
	    read_text(info->version, der, "tcb.version", &tcb->version, f) &&
	    read_svn(info->svn, tcb, f) && read_fwids(info->fwids, der, tcb, f) && read_flags(info->flags, tcb, f) &&
	    read_type(info->type, tcb, f);
}

bool
tcb_get(const X509_EXTENSIONS *all, struct bytes der, struct tcb *tcb, struct fault *f)
{
	struct tcb_info *info = extension_get(all, TCB_OID, ASN1_ITEM_rptr(TCB_INFO), "tcb", f);
	bool ok;

	*tcb = (struct tcb){ 0 };
	if (info == NULL)
		return false;
	ok = read_tcb(info, der, tcb, f);
	ASN1_item_free((ASN1_VALUE *)info, ASN1_ITEM_rptr(TCB_INFO));
	return ok;
}
