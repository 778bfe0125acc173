/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/plc.h"

#include <inttypes.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "base/die.h"
#include "base/when.h"
#include "crypto/openssl.h"
#include "crypto/random.h"
#include "crypto/sign.h"

enum { SUBJECT_ROOM = 512 };	/* bytes of what differs from PlC to PlC */

/* --- what the PlCs of a run have in common ------------------------------------ */

/* Critical, so that no stranger's software takes a platform key for something else. */
static void
add_uses(struct buf *out)
{
	ASN1_BIT_STRING *usage = ASN1_BIT_STRING_new();
	EXTENDED_KEY_USAGE *roles = EXTENDED_KEY_USAGE_new();
	char oid[64];

	snprintf(oid, sizeof oid, "%s.%d", ROLE_ARC, (int)ROLE_TRE);
	x509_need(usage != NULL && roles != NULL);
	x509_need(ASN1_BIT_STRING_set_bit(usage, 0, 1) == 1);	/* digitalSignature */
	x509_need(sk_ASN1_OBJECT_push(roles, OBJ_txt2obj(oid, 1)) > 0);
	extension_add_known(out, NID_key_usage, true, usage);
	extension_add_known(out, NID_ext_key_usage, true, roles);
	EXTENDED_KEY_USAGE_free(roles);
	ASN1_BIT_STRING_free(usage);
}

/* AuthorityInfoAccess (RFC 5280 4.2.2.1): where its status is asked for. */
static void
add_responder(struct buf *out, const char *url)
{
	AUTHORITY_INFO_ACCESS *all = AUTHORITY_INFO_ACCESS_new();
	ACCESS_DESCRIPTION *one = ACCESS_DESCRIPTION_new();
	ASN1_IA5STRING *uri = ASN1_IA5STRING_new();

	x509_need(all != NULL && one != NULL && uri != NULL);
	x509_need(ASN1_STRING_set(uri, url, -1) == 1);
	one->method = OBJ_nid2obj(NID_ad_OCSP);
	GENERAL_NAME_set0_value(one->location, GEN_URI, uri);
	x509_need(sk_ACCESS_DESCRIPTION_push(all, one) > 0);
	extension_add_known(out, NID_info_access, false, all);
	AUTHORITY_INFO_ACCESS_free(all);
}

void
plc_form(struct plc_form *form, const struct plc_issuer *issuer, const struct tcb *tcb,
    const char *ocsp, uint64_t not_before, uint64_t not_after)
{
	*form = (struct plc_form){ .issuer = *issuer };
	random_start();
	x509_name_der(X509_get_subject_name(issuer->cert.x), &form->name);
	x509_time_der(not_before, &form->validity);
	x509_time_der(not_after, &form->validity);
	extension_add_issuer(&form->uses, &issuer->cert);
	add_uses(&form->uses);
	extension_add(&form->state, tcb_extension(tcb));
	if (ocsp != NULL)
		add_responder(&form->state, ocsp);
}

/* --- one PlC ------------------------------------------------------------------ */

/* subjectAltName: hardwareModuleName { hwType, hwSerialNum } (RFC 4108 5). */
static void
put_hardware_module(struct der *d, const char *serial)
{
	static const uint8_t alt_name[] = { DER_OID, 3, 0x55, 0x1d, 0x11 };
	static const uint8_t hardware_module[] = {
		DER_OID, 8, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x04
	};
	static const uint8_t type[] = {		/* ROLE_ARC */
		DER_OID, 11, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x81, 0xfd, 0x59, 0x82, 0x88, 0x14
	};
	const uint8_t *end = d->p;

	der_put_as(d, DER_OCTET_STRING, text_bytes(text_of(serial)));
	der_put(d, BYTES(type));
	der_close(d, DER_SEQUENCE, end);
	der_close(d, DER_CONTEXT | DER_CONSTRUCTED, end);
	der_put(d, BYTES(hardware_module));
	der_close(d, DER_CONTEXT | DER_CONSTRUCTED, end);
	der_close(d, DER_SEQUENCE, end);
	der_close(d, DER_OCTET_STRING, end);
	der_put(d, BYTES(alt_name));
	der_close(d, DER_SEQUENCE, end);
}

/* TBSCertificate (RFC 5280 4.1). */
void
plc_put(struct der *d, const struct plc_form *form, const struct csr *csr,
    const uint8_t serial[static PLC_SERIAL])
{
	static const uint8_t version[] = {
		DER_CONTEXT | DER_CONSTRUCTED, 3, DER_INTEGER, 1, X509_VERSION_3
	};
	const uint8_t *end = d->p;

	der_put(d, buf_bytes(&form->state));
	ueid_put(d, (struct bytes){ csr->ueid, csr->ueid_n });
	put_hardware_module(d, csr->serial);
	der_put(d, buf_bytes(&form->uses));
	der_close(d, DER_SEQUENCE, end);
	der_close(d, DER_CONTEXT | DER_CONSTRUCTED | 3, end);
	p256_put(d, csr->x, csr->y);
	subject_put(d, csr->serial);
	der_put_as(d, DER_SEQUENCE, buf_bytes(&form->validity));
	der_put(d, buf_bytes(&form->name));
	der_put(d, sign_x509_algorithm(form->issuer.key));
	der_put_integer(d, (struct bytes){ serial, PLC_SERIAL });
	der_put(d, BYTES(version));
	der_close(d, DER_SEQUENCE, end);
}

size_t
plc_room(const struct plc_form *form)
{
	return form->state.n + form->uses.n + form->validity.n + form->name.n + SUBJECT_ROOM;
}

/* Of each run the first is read back, by OpenSSL: what is wrong with it would be with all. */
static void
check_first(struct plc_form *form, struct bytes der)
{
	uint8_t fingerprint[DIGEST_LEN];
	X509 *x = x509_parse(der, fingerprint);
	struct plc p;
	struct fault f;

	if (x == NULL || X509_verify(x, form->issuer.cert.key) != 1 || !plc_read(der, &p, NULL, &f))
		die_world("cannot issue with this key and certificate: "
		    "what comes out does not verify");
	X509_free(x);
	form->checked = true;
}

void
plc_draw_serial(uint8_t serial[static PLC_SERIAL])
{
	random_bytes(serial, PLC_SERIAL);
	serial[0] = (uint8_t)((serial[0] & 0x7f) | 0x40);
}

void
plc_issue(struct plc_form *form, const struct csr *csr, const uint8_t serial[static PLC_SERIAL],
    struct buf *out)
{
	static struct buf inside, room;
	size_t n = plc_room(form);
	struct der content, d;

	content = der_over(buf_room(&inside, n), n);
	plc_put(&content, form, csr, serial);
	d = der_over(buf_room(&room, n + SIGNATURE_ROOM), n + SIGNATURE_ROOM);
	sign_put(&d, form->issuer.key, der_written(&content));
	if (!form->checked)
		check_first(form, der_written(&d));
	buf_add(out, der_written(&d));
}

bool
plc_may_issue(const struct cert *c, const char *where, struct fault *f)
{
	if (X509_check_ca(c->x) != 1)
		return fault_request(f, where, "certificate of %s is no CA's", c->name);
	return X509_get0_subject_key_id(c->x) != NULL ||
	    fault_request(f, where, "certificate of %s: needs a subject key identifier", c->name);
}

/* --- reading ---------------------------------------------------------------- */

/* To sk_X509_EXTENSION_pop_free().  NULL: there are none. */
static X509_EXTENSIONS *
extensions_of(struct bytes der)
{
	static const uint8_t to_content[] = { DER_SEQUENCE, DER_SEQUENCE };
	struct bytes in, rest;
	const uint8_t *p;

	if (!der_descend(der, to_content, sizeof to_content, &in))
		return NULL;
	while (in.n > 0 && *in.p != (DER_CONTEXT | DER_CONSTRUCTED | 3))
		if (!der_take(&in, *in.p, &rest))
			return NULL;
	p = in.n > 0 && der_take(&in, *in.p, &rest) ? rest.p : NULL;
	return p != NULL ? d2i_X509_EXTENSIONS(NULL, &p, (long)rest.n) : NULL;
}

static bool
read_extensions(const struct cert *c, struct bytes der, struct plc *p, const char *where,
    struct fault *f)
{
	X509_EXTENSIONS *all = extensions_of(der);
	bool ok;

	*p = (struct plc){ 0 };
	ok = key_is_p256(c->key) ? ueid_get(all, p->ueid, &p->ueid_n, f) &&
	    tcb_get(all, der, &p->tcb, f) : fault_request(f, "key", "needs a key on P-256");
	sk_X509_EXTENSION_pop_free(all, X509_EXTENSION_free);
	if (!ok && where != NULL)
		fault_inside(f, where);
	ERR_clear_error();
	return ok;
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
	return read_extensions(c, buf_bytes(&c->der), p, where, f);
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
	snprintf(line, sizeof line, ", %zu measurement%s%s%s", p.tcb.fwids,
	    p.tcb.fwids == 1 ? "" : "s", p.tcb.debug ? ", debug" : "", p.tcb.tpm ? ", tpm" : "");
	buf_add(out, text_bytes(text_of(line)));
}
