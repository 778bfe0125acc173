/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/csr.h"

#include <stdio.h>

#include "base/die.h"
#include "crypto/sign.h"

#define CN_PREFIX "M2ME "

enum { WISH_MAX = SUBJECT_MAX + 256 };

/* --- writing ---------------------------------------------------------------- */

bool
serial_fits(const char *serial)
{
	static const char printable[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789 '()+,-./:=?";
	size_t n = strlen(serial);

	return n > 0 && n <= SERIAL_MAX && strspn(serial, printable) == n;
}

/* SEQUENCE { type, value }: one attribute of a name. */
static void
put_name_part(struct der *d, struct bytes type, uint8_t tag, const char *value, const char *prefix)
{
	const uint8_t *end = d->p;

	der_put(d, text_bytes(text_of(value)));
	der_put(d, text_bytes(text_of(prefix)));
	der_close(d, tag, end);
	der_put(d, type);
	der_close(d, DER_SEQUENCE, end);
	der_close(d, DER_SET, end);
}

void
subject_put(struct der *d, const char *serial)
{
	static const uint8_t serial_number[] = { DER_OID, 3, 0x55, 0x04, 0x05 };
	static const uint8_t common_name[] = { DER_OID, 3, 0x55, 0x04, 0x03 };
	const uint8_t *end = d->p;

	put_name_part(d, BYTES(common_name), DER_UTF8, serial, CN_PREFIX);
	put_name_part(d, BYTES(serial_number), DER_PRINTABLE, serial, "");
	der_close(d, DER_SEQUENCE, end);
}

void
subject_name(const char *serial, char name[static NAME_MAX_X509])
{
	snprintf(name, NAME_MAX_X509, "%s%s", CN_PREFIX, serial);
}

void
p256_put(struct der *d, const uint8_t x[static COORDINATE], const uint8_t y[static COORDINATE])
{
	static const uint8_t head[] = {
		DER_SEQUENCE, 0x59, DER_SEQUENCE, 0x13,
		DER_OID, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
		DER_OID, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
		DER_BIT_STRING, 0x42, 0x00, 0x04
	};

	der_put(d, (struct bytes){ y, COORDINATE });
	der_put(d, (struct bytes){ x, COORDINATE });
	der_put(d, BYTES(head));
}

/* What is asked for and signed: CertificationRequestInfo (RFC 2986 4.1). */
struct wish {
	const char *serial;
	struct bytes ueid;
	uint8_t x[COORDINATE], y[COORDINATE];
};

static void
wish_put(struct der *d, const struct wish *w)
{
	static const uint8_t version[] = { DER_INTEGER, 1, 0 };
	static const uint8_t extension_request[] = {
		DER_OID, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e
	};
	const uint8_t *end = d->p;

	ueid_put(d, w->ueid);
	der_close(d, DER_SEQUENCE, end);
	der_close(d, DER_SET, end);
	der_put(d, BYTES(extension_request));
	der_close(d, DER_SEQUENCE, end);
	der_close(d, DER_CONTEXT | DER_CONSTRUCTED, end);
	p256_put(d, w->x, w->y);
	subject_put(d, w->serial);
	der_put(d, BYTES(version));
	der_close(d, DER_SEQUENCE, end);
}

void
csr_make(EVP_PKEY *platform, const char *serial, struct bytes ueid, struct buf *out)
{
	uint8_t inside[WISH_MAX], room[WISH_MAX + SIGNATURE_ROOM];
	struct der info = der_over(inside, sizeof inside), d = der_over(room, sizeof room);
	struct wish w = { .serial = serial, .ueid = ueid };

	if (!serial_fits(serial))
		die_request("serial number '%s': "
		    "needs 1..%d letters, digits, blanks or '()+,-./:=?", serial, SERIAL_MAX);
	if (ueid.n < UEID_MIN || ueid.n > UEID_MAX)
		die_request("UEID: needs %d..%d bytes, has %zu", UEID_MIN, UEID_MAX, ueid.n);
	key_point(platform, w.x, w.y);
	wish_put(&info, &w);
	sign_put(&d, platform, der_written(&info));
	buf_add(out, der_written(&d));
}

/* --- reading ---------------------------------------------------------------- */

struct parts {			/* of a request that csr_make() may have made */
	struct bytes info, signature;
	char serial[NAME_MAX_X509];
	struct wish wish;
};

static bool
take_wish(struct bytes info, struct parts *p)
{
	static const uint8_t to_serial[] = { DER_SET, DER_SEQUENCE, DER_OID, DER_PRINTABLE };
	static const uint8_t to_ueid[] = { DER_SEQUENCE, DER_OID, DER_SET, DER_SEQUENCE,
	    DER_SEQUENCE, DER_OID, DER_OCTET_STRING, DER_SEQUENCE, DER_OCTET_STRING };
	struct bytes in, version, subject, key, attributes, serial;

	if (!der_take(&info, DER_SEQUENCE, &in) || !der_take(&in, DER_INTEGER, &version) ||
	    !der_take(&in, DER_SEQUENCE, &subject) || !der_take(&in, DER_SEQUENCE, &key) ||
	    !der_take(&in, DER_CONTEXT | DER_CONSTRUCTED, &attributes) ||
	    !der_descend(subject, to_serial, sizeof to_serial, &serial) ||
	    !der_descend(attributes, to_ueid, sizeof to_ueid, &p->wish.ueid) ||
	    key.n < 2 * COORDINATE ||
	    p->wish.ueid.n < UEID_MIN || p->wish.ueid.n > UEID_MAX ||
	    !text_copy((struct text){ serial.p, serial.n }, p->serial, sizeof p->serial))
		return false;
	p->wish.serial = p->serial;
	memcpy(p->wish.x, key.p + key.n - 2 * COORDINATE, COORDINATE);
	memcpy(p->wish.y, key.p + key.n - COORDINATE, COORDINATE);
	return serial_fits(p->serial);
}

/* Found where csr_make() puts things; that nothing else is there, writing them again shows. */
static bool
is_as_made(struct bytes der, struct parts *p)
{
	static const uint8_t algorithm[] = { DER_OID, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03,
	    0x02 };
	uint8_t room[WISH_MAX];
	struct der d = der_over(room, sizeof room);
	struct bytes all, rest, content;

	if (!der_take(&der, DER_SEQUENCE, &all) || der.n > 0)
		return false;
	rest = all;
	if (!der_take(&rest, DER_SEQUENCE, &content))
		return false;
	p->info = (struct bytes){ all.p, all.n - rest.n };
	if (!der_take(&rest, DER_SEQUENCE, &content) || !bytes_equal(content, BYTES(algorithm)) ||
	    !der_take(&rest, DER_BIT_STRING, &p->signature) || rest.n > 0 || p->signature.n == 0 ||
	    *p->signature.p != 0 || !take_wish(p->info, p))
		return false;
	p->signature = (struct bytes){ p->signature.p + 1, p->signature.n - 1 };
	wish_put(&d, &p->wish);
	return bytes_equal(der_written(&d), p->info);
}

bool
csr_not_possessed(struct fault *f)
{
	return fault_refuse(f, "bad-signature", NULL, "not signed by the key it holds");
}

static bool
read_as_made(const struct parts *p, struct csr *c, struct fault *f)
{
	EVP_PKEY *key = key_in_passing(BYTES(p->wish.x), BYTES(p->wish.y));

	if (key == NULL)
		return fault_request(f, NULL, "needs a key on P-256");
	memcpy(c->x, p->wish.x, sizeof c->x);
	memcpy(c->y, p->wish.y, sizeof c->y);
	memcpy(c->serial, p->serial, sizeof c->serial);
	memcpy(c->ueid, p->wish.ueid.p, p->wish.ueid.n);
	c->ueid_n = p->wish.ueid.n;
	return sign_check_x509(key, p->info, p->signature) || csr_not_possessed(f);
}

bool
csr_read(struct bytes der, struct csr *c, struct fault *f)
{
	struct parts p;

	*c = (struct csr){ 0 };
	return is_as_made(der, &p) ? read_as_made(&p, c, f) : csr_read_otherwise(der, c, f);
}
