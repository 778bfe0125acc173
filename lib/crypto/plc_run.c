/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/plc_run.h"

#include <openssl/x509.h>

#include "crypto/openssl.h"
#include "crypto/sign.h"

struct parts {			/* of a PlC that plc_issue() may have made; views of it */
	struct bytes content, algorithm, signature;
	struct bytes serial, name, validity, uses, state;
	struct csr csr;		/* no key */
};

static bool
is_alternative_name(struct bytes extension)
{
	static const uint8_t type[] = { 0x55, 0x1d, 0x11 };
	struct bytes oid;

	return der_take(&extension, DER_OID, &oid) && bytes_equal(oid, BYTES(type));
}

/* uses, the hardware's name, UEID, state */
static bool
take_extensions(struct bytes in, struct parts *p)
{
	static const uint8_t to_ueid[] = {
		DER_SEQUENCE, DER_OID, DER_OCTET_STRING, DER_SEQUENCE, DER_OCTET_STRING
	};
	struct bytes extension, ueid;

	p->uses = (struct bytes){ in.p, 0 };
	do {
		p->uses.n = (size_t)(in.p - p->uses.p);
		if (!der_take(&in, DER_SEQUENCE, &extension))
			return false;
	} while (!is_alternative_name(extension));
	if (!der_descend(in, to_ueid, sizeof to_ueid, &ueid) || ueid.n < UEID_MIN ||
	    ueid.n > UEID_MAX || !der_take(&in, DER_SEQUENCE, &extension))
		return false;
	memcpy(p->csr.ueid, ueid.p, ueid.n);
	p->csr.ueid_n = ueid.n;
	p->state = in;
	return true;
}

static bool
take_key(struct bytes in, struct csr *c)
{
	if (in.n < 2 * COORDINATE)
		return false;
	memcpy(c->x, in.p + in.n - 2 * COORDINATE, COORDINATE);
	memcpy(c->y, in.p + in.n - COORDINATE, COORDINATE);
	return true;
}

static bool
take_content(struct bytes content, struct parts *p)
{
	static const uint8_t to_serial[] = { DER_SET, DER_SEQUENCE, DER_OID, DER_PRINTABLE };
	static const uint8_t to_extensions[] = {
		DER_CONTEXT | DER_CONSTRUCTED | 3, DER_SEQUENCE
	};
	struct bytes in, version, subject, key, serial, extensions;

	if (!der_take(&content, DER_SEQUENCE, &in) ||
	    !der_take(&in, DER_CONTEXT | DER_CONSTRUCTED, &version) ||
	    !der_take(&in, DER_INTEGER, &p->serial) || p->serial.n != PLC_SERIAL ||
	    !der_take_whole(&in, DER_SEQUENCE, &p->algorithm) ||
	    !der_take_whole(&in, DER_SEQUENCE, &p->name) ||
	    !der_take(&in, DER_SEQUENCE, &p->validity) || !der_take(&in, DER_SEQUENCE, &subject) ||
	    !der_take(&in, DER_SEQUENCE, &key) ||
	    !der_descend(in, to_extensions, sizeof to_extensions, &extensions) ||
	    !der_descend(subject, to_serial, sizeof to_serial, &serial) ||
	    !text_copy((struct text){ serial.p, serial.n }, p->csr.serial, sizeof p->csr.serial))
		return false;
	return serial_fits(p->csr.serial) && take_key(key, &p->csr) &&
	    take_extensions(extensions, p);
}

/* Finds where plc_issue() puts things; that nothing else is there, is_of() shows. */
static bool
take_parts(struct bytes der, struct parts *p)
{
	struct bytes in, algorithm;

	*p = (struct parts){ 0 };
	if (!der_take(&der, DER_SEQUENCE, &in) || der.n > 0 ||
	    !der_take_whole(&in, DER_SEQUENCE, &p->content) ||
	    !der_take_whole(&in, DER_SEQUENCE, &algorithm) ||
	    !der_take(&in, DER_BIT_STRING, &p->signature) || in.n > 0 || p->signature.n == 0 ||
	    *p->signature.p != 0 || !take_content(p->content, p))
		return false;
	p->signature = (struct bytes){ p->signature.p + 1, p->signature.n - 1 };
	return bytes_equal(algorithm, p->algorithm);
}

/* Issued anew in that form, it would be the same, byte for byte. */
static bool
is_of(struct plc_form *form, const struct parts *p)
{
	static struct buf room;
	struct der d;
	size_t n;

	form->validity.n = 0;
	buf_add(&form->validity, p->validity);
	n = plc_room(form);
	d = der_over(buf_room(&room, n), n);
	plc_put(&d, form, &p->csr, p->serial.p);
	return bytes_equal(der_written(&d), p->content);
}

static bool
take_time(struct bytes *in, uint64_t *seconds)
{
	const uint8_t *p = in->p;
	ASN1_TIME *t = d2i_ASN1_TIME(NULL, &p, (long)in->n);
	bool ok = t != NULL && x509_seconds(t, seconds);

	if (ok)
		*in = (struct bytes){ p, in->n - (size_t)(p - in->p) };
	ASN1_TIME_free(t);
	return ok;
}

/* Whether it is valid at the time now (RFC 5280 4.1.2.5), and the times as plc_issue() writes them. */
static bool
is_valid(struct bytes validity, uint64_t now, struct cert *c)
{
	static struct buf again;
	struct bytes in = validity;

	if (!take_time(&in, &c->not_before) || !take_time(&in, &c->not_after) || in.n > 0)
		return false;
	again.n = 0;
	x509_time_der(c->not_before, &again);
	x509_time_der(c->not_after, &again);
	return bytes_equal(buf_bytes(&again), validity) && c->not_before <= now &&
	    now < c->not_after;
}

static void
empty(struct plc_run *run)
{
	key_free(run->form.issuer.key);
	buf_free(&run->form.name);
	buf_free(&run->form.validity);
	buf_free(&run->form.uses);
	buf_free(&run->form.state);
	*run = (struct plc_run){ 0 };
}

bool
plc_run_of(const struct cert *plc, EVP_PKEY *issuer, struct plc_run *run)
{
	struct parts p;

	empty(run);
	if (!key_is_p256(issuer) || !take_parts(buf_bytes(&plc->der), &p))
		return false;
	EVP_PKEY_up_ref(issuer);
	run->form.issuer.key = issuer;
	buf_add(&run->form.name, p.name);
	buf_add(&run->form.uses, p.uses);
	buf_add(&run->form.state, p.state);
	if (is_of(&run->form, &p))
		return true;
	empty(run);
	return false;
}

bool
plc_run_holds(struct plc_run *run, struct bytes der, uint64_t now, struct cert *c)
{
	struct parts p;

	*c = (struct cert){ 0 };
	if (run->form.issuer.key == NULL || !take_parts(der, &p) || !is_of(&run->form, &p) ||
	    !is_valid(p.validity, now, c) ||
	    !sign_check_x509(run->form.issuer.key, p.content, p.signature) ||
	    (c->key = key_from_point(BYTES(p.csr.x), BYTES(p.csr.y))) == NULL)
		return false;
	subject_name(p.csr.serial, c->name);
	digest_sha256(der, c->fingerprint);
	buf_add(&c->der, der);
	return true;
}
