/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/x509.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "base/die.h"
#include "base/plain.h"
#include "base/when.h"
#include "crypto/openssl.h"
#include "crypto/plc.h"

enum { KEPT = 8 };		/* certificates: the few that one item is about, and the anchors */

static const char *const role_names[] = {
	[ROLE_RO] = "RO", [ROLE_DPF] = "DPF", [ROLE_SHO] = "SHO", [ROLE_PVA] = "PVA",
	[ROLE_M2MES] = "M2MES", [ROLE_TRE] = "TRE", [ROLE_US] = "US", [ROLE_RG] = "RG"
};

const char *
role_name(enum role role)
{
	return role_names[role];
}

/* --- what a certificate says ------------------------------------------------ */

bool
name_part(const X509_NAME *name, int nid, char out[static NAME_MAX_X509])
{
	int at = X509_NAME_get_index_by_NID(name, nid, -1), n;
	unsigned char *utf8;
	struct text t;
	bool ok;

	if (at < 0 || X509_NAME_get_index_by_NID(name, nid, at) >= 0)
		return false;
	n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (n < 0)
		return false;
	t = (struct text){ utf8, (size_t)n };
	ok = n > 0 && text_plain(t) && text_copy(t, out, NAME_MAX_X509);
	OPENSSL_free(utf8);
	return ok;
}

/* As RFC 4514 has it: whatever is not printable ASCII is escaped. Cut when too long. */
const char *
x509_spell(const X509_NAME *name, char out[static SPELT_MAX])
{
	BIO *bio = BIO_new(BIO_s_mem());
	int n;

	if (bio == NULL)
		die_world("no memory");
	X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253);
	n = BIO_read(bio, out, SPELT_MAX - 1);
	out[n > 0 ? n : 0] = '\0';
	BIO_free(bio);
	return out;
}

bool
x509_has_role(const X509 *x, enum role role)
{
	EXTENDED_KEY_USAGE *uses = X509_get_ext_d2i(x, NID_ext_key_usage, NULL, NULL);
	char want[64], has[64];
	bool found = false;

	snprintf(want, sizeof want, "%s.%d", ROLE_ARC, (int)role);
	for (int i = 0; i < sk_ASN1_OBJECT_num(uses) && !found; i++) {
		OBJ_obj2txt(has, sizeof has, sk_ASN1_OBJECT_value(uses, i), 1);
		found = strcmp(has, want) == 0;
	}
	sk_ASN1_OBJECT_pop_free(uses, ASN1_OBJECT_free);
	return found;
}

const char *
x509_spell_roles(const X509 *x, char out[static ROLES_LEN])
{
	*out = '\0';
	for (enum role r = ROLE_RO; r <= ROLE_RG; r++)
		if (x509_has_role(x, r)) {
			if (*out != '\0')
				strcat(out, ", ");
			strcat(out, role_name(r));
		}
	return out;
}

const char *
x509_subject(const X509 *x, char out[static SPELT_MAX])
{
	if (!name_part(X509_get_subject_name(x), NID_commonName, out))
		x509_spell(X509_get_subject_name(x), out);
	return out;
}

bool
x509_seconds(const ASN1_TIME *t, uint64_t *out)
{
	struct tm tm;
	time_t s;

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return false;
	s = timegm(&tm);
	*out = s > 0 ? (uint64_t)s : 0;
	return true;
}

void
x509_item_der(const void *value, const ASN1_ITEM *type, struct buf *out)
{
	int n = ASN1_item_i2d(value, NULL, type);
	unsigned char *p;

	if (n <= 0)
		die_world("cannot encode what belongs in a certificate");
	p = buf_room(out, (size_t)n);
	ASN1_item_i2d(value, &p, type);
	out->n += (size_t)n;
}

void
x509_name_der(const X509_NAME *name, struct buf *out)
{
	x509_item_der(name, ASN1_ITEM_rptr(X509_NAME), out);
}

void
x509_der(const X509 *x, struct buf *out)
{
	x509_item_der(x, ASN1_ITEM_rptr(X509), out);
}

void
x509_time_der(uint64_t seconds, struct buf *out)
{
	ASN1_TIME *t = ASN1_TIME_set(NULL, (time_t)seconds);

	if (t == NULL)
		die_world("no memory");
	x509_item_der(t, ASN1_ITEM_rptr(ASN1_TIME), out);
	ASN1_TIME_free(t);
}

/* --- certificates ----------------------------------------------------------- */

/* A signature does not cover the outer shell, and OpenSSL's decoder takes BER for DER. */
static bool
is_der(const X509 *x, struct bytes der)
{
	unsigned char *again = NULL;
	int n = i2d_X509(x, &again);
	bool ok = n > 0 && bytes_equal(der, (struct bytes){ again, (size_t)n });

	OPENSSL_free(again);
	return ok;
}

static X509 *
decode(struct bytes der)
{
	const uint8_t *p = der.p;
	X509 *x = der.n > 0 ? d2i_X509(NULL, &p, (long)der.n) : NULL;

	if (x != NULL && is_der(x, der))
		return x;
	X509_free(x);
	ERR_clear_error();
	return NULL;
}

/*
 * Decoding costs twice a signature.  Who checks a certificate reads its extensions next, and what a
 * file holds is looked at before it is used.
 */
X509 *
x509_parse(struct bytes der, uint8_t fingerprint[static DIGEST_LEN])
{
	static struct {
		uint8_t fingerprint[DIGEST_LEN];
		X509 *x;
	} kept[KEPT], *k;
	static size_t next;
	X509 *x;

	digest_sha256(der, fingerprint);
	for (k = kept; k < kept + KEPT && k->x != NULL; k++)
		if (memcmp(k->fingerprint, fingerprint, DIGEST_LEN) == 0) {
			X509_up_ref(k->x);
			return k->x;
		}
	if ((x = decode(der)) == NULL)
		return NULL;
	k = &kept[next++ % KEPT];
	X509_free(k->x);
	k->x = x;
	memcpy(k->fingerprint, fingerprint, DIGEST_LEN);
	X509_up_ref(x);
	return x;
}

static bool
fill(struct cert *c, const char *where, struct fault *f)
{
	if (!name_part(X509_get_subject_name(c->x), NID_commonName, c->name))
		return fault_request(f, where,
		    "certificate needs one common name of 1..%d plain bytes", NAME_MAX_X509 - 1);
	if (c->key == NULL || (!key_is_p256(c->key) && !EVP_PKEY_is_a(c->key, "ED25519")))
		return fault_request(f, where, "certificate of %s: needs a key on P-256 or Ed25519",
		    c->name);
	if (!x509_seconds(X509_get0_notBefore(c->x), &c->not_before) ||
	    !x509_seconds(X509_get0_notAfter(c->x), &c->not_after))
		return fault_request(f, where, "certificate of %s: malformed time", c->name);
	if (X509_get_extension_flags(c->x) & EXFLAG_INVALID)
		return fault_request(f, where, "certificate of %s: malformed extension", c->name);
	return true;
}

bool
cert_read(struct bytes der, struct cert *c, const char *where, struct fault *f)
{
	*c = (struct cert){ 0 };
	c->x = x509_parse(der, c->fingerprint);
	if (c->x == NULL)
		return fault_request(f, where, "not a certificate");
	c->key = X509_get0_pubkey(c->x);
	buf_add(&c->der, der);
	if (fill(c, where, f))
		return true;
	ERR_clear_error();
	cert_free(c);
	return false;
}

void
cert_copy(const struct cert *c, struct cert *copy)
{
	*copy = *c;
	copy->der = (struct buf){ 0 };
	buf_add(&copy->der, buf_bytes(&c->der));
	if (c->x != NULL)
		X509_up_ref(c->x);
	else if (c->key != NULL)
		EVP_PKEY_up_ref(c->key);
}

void
cert_der(const struct cert *c, struct buf *out)
{
	buf_add(out, buf_bytes(&c->der));
}

bool
cert_has_role(const struct cert *c, enum role role)
{
	return x509_has_role(c->x, role);
}

void
cert_free(struct cert *c)
{
	if (c->x != NULL)
		X509_free(c->x);
	else
		key_free(c->key);
	buf_free(&c->der);
	*c = (struct cert){ 0 };
}

struct bytes
cert_serial(const struct cert *c)
{
	const ASN1_INTEGER *n = X509_get0_serialNumber(c->x);

	return (struct bytes){ ASN1_STRING_get0_data(n), (size_t)ASN1_STRING_length(n) };
}

void
cert_issuer_id(const struct cert *c, uint8_t id[static DIGEST_LEN])
{
	const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(c->x);
	struct buf both = { 0 };

	x509_name_der(X509_get_subject_name(c->x), &both);
	buf_add(&both, (struct bytes){ ASN1_STRING_get0_data(key), (size_t)ASN1_STRING_length(key) });
	digest_sha256(buf_bytes(&both), id);
	buf_free(&both);
}

/* --- for people --------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void
add(struct buf *out, const char *fmt, ...)
{
	char line[SPELT_MAX + 64];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	buf_add(out, text_bytes(text_of(line)));
}

static void
add_roles(X509 *x, struct buf *out)
{
	char roles[ROLES_LEN];

	if (X509_check_ca(x) > 0)
		add(out, ", CA");
	if (*x509_spell_roles(x, roles) != '\0')
		add(out, ", role %s", roles);
}

void
cert_describe(struct bytes der, struct buf *out)
{
	struct cert c = { 0 };
	char text[SPELT_MAX], when[WHEN_LEN], digits[HEX_MAX];

	c.x = x509_parse(der, c.fingerprint);
	if (c.x == NULL) {
		add(out, "not a certificate (%zu bytes)", der.n);
		return;
	}
	add(out, "certificate %s", x509_spell(X509_get_subject_name(c.x), text));
	add_roles(c.x, out);
	add(out, ", issued by %s", x509_spell(X509_get_issuer_name(c.x), text));
	if (x509_seconds(X509_get0_notAfter(c.x), &c.not_after))
		add(out, ", until %s", when_spell(c.not_after, when));
	add(out, ", sha256 %s", hex(BYTES(c.fingerprint), digits));
	if (x509_has_role(c.x, ROLE_TRE))
		plc_describe(der, out);
	cert_free(&c);
}
