/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/x509.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/die.h"
#include "base/when.h"
#include "crypto/plc.h"

enum {
	ACCEPTED_MAX = 8,	/* paths a trust remembers: the few roles one stream speaks of */
	ROLES_LEN = 64,		/* all role names with commas */
	SPELT_MAX = 256
};

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
text_plain(struct text t)
{
	unsigned long c;

	for (size_t i = 0; i < t.n;) {
		int n = UTF8_getc(t.p + i, (int)(t.n - i), &c);

		if (n <= 0 || c < ' ' || (c >= 0x7f && c < 0xa0) || c > 0x10ffff)
			return false;
		i += (size_t)n;
	}
	return true;
}

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
static const char *
spell(const X509_NAME *name, char out[static SPELT_MAX])
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

static bool
has_role(const X509 *x, enum role role)
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

static const char *
spell_roles(const X509 *x, char out[static ROLES_LEN])
{
	*out = '\0';
	for (enum role r = ROLE_RO; r <= ROLE_RG; r++)
		if (has_role(x, r)) {
			if (*out != '\0')
				strcat(out, ", ");
			strcat(out, role_name(r));
		}
	return out;
}

static bool
seconds(const ASN1_TIME *t, uint64_t *out)
{
	struct tm tm;
	time_t s;

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return false;
	s = timegm(&tm);
	*out = s > 0 ? (uint64_t)s : 0;
	return true;
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

/* Decoding costs twice a signature, and who checks a certificate reads its extensions next. */
static X509 *
parse(struct bytes der, uint8_t fingerprint[static DIGEST_LEN])
{
	static uint8_t last_fingerprint[DIGEST_LEN];
	static X509 *last;
	const uint8_t *p = der.p;
	X509 *x;

	digest_sha256(der, fingerprint);
	if (last == NULL || memcmp(last_fingerprint, fingerprint, DIGEST_LEN) != 0) {
		x = der.n > 0 ? d2i_X509(NULL, &p, (long)der.n) : NULL;
		if (x == NULL || !is_der(x, der)) {
			X509_free(x);
			ERR_clear_error();
			return NULL;
		}
		X509_free(last);
		last = x;
		memcpy(last_fingerprint, fingerprint, DIGEST_LEN);
	}
	X509_up_ref(last);
	return last;
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
	if (!seconds(X509_get0_notBefore(c->x), &c->not_before) ||
	    !seconds(X509_get0_notAfter(c->x), &c->not_after))
		return fault_request(f, where, "certificate of %s: malformed time", c->name);
	if (X509_get_extension_flags(c->x) & EXFLAG_INVALID)
		return fault_request(f, where, "certificate of %s: malformed extension", c->name);
	return true;
}

bool
cert_read(struct bytes der, struct cert *c, const char *where, struct fault *f)
{
	*c = (struct cert){ 0 };
	c->x = parse(der, c->fingerprint);
	if (c->x == NULL)
		return fault_request(f, where, "not a certificate");
	c->key = X509_get0_pubkey(c->x);
	if (fill(c, where, f))
		return true;
	ERR_clear_error();
	cert_free(c);
	return false;
}

void
cert_der(const struct cert *c, struct buf *out)
{
	int n = i2d_X509(c->x, NULL);
	unsigned char *p;

	if (n <= 0)
		die_world("cannot encode a certificate");
	p = buf_room(out, (size_t)n);
	i2d_X509(c->x, &p);
	out->n += (size_t)n;
}

bool
cert_has_role(const struct cert *c, enum role role)
{
	return has_role(c->x, role);
}

void
cert_free(struct cert *c)
{
	X509_free(c->x);
	*c = (struct cert){ 0 };
}

/* --- PEM files ---------------------------------------------------------------- */

static FILE *
open_pem(const char *option, const char *path)
{
	FILE *file = fopen(path, "re");

	if (file == NULL)
		die_errno("%s: cannot open '%s'", option, path);
	return file;
}

/* The next certificate of the file, DER, to keep; false at the end. Dies of a malformed one. */
static bool
next_pem(FILE *file, const char *option, const char *path, struct bytes *der)
{
	char *label, *header;
	unsigned char *data;
	long n;
	bool found = false;

	while (!found && PEM_read(file, &label, &header, &data, &n) == 1) {
		found = strcmp(label, PEM_STRING_X509) == 0;
		*der = (struct bytes){ data, (size_t)n };
		if (!found)
			OPENSSL_clear_free(data, (size_t)n);	/* it may be a key */
		OPENSSL_free(label);
		OPENSSL_free(header);
	}
	if (ferror(file))
		die_errno("%s: cannot read '%s'", option, path);
	if (!found && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		die_request("%s: '%s': not PEM", option, path);
	ERR_clear_error();
	return found;
}

void
chain_load(const char *option, const char *path, struct chain *c)
{
	FILE *file = open_pem(option, path);
	uint8_t fingerprint[DIGEST_LEN];
	struct bytes der;
	X509 *x;

	*c = (struct chain){ 0 };
	while (next_pem(file, option, path, &der)) {
		if (c->n == CHAIN_MAX)
			die_request("%s: '%s': needs 1..%d certificates", option, path, CHAIN_MAX);
		if ((x = parse(der, fingerprint)) == NULL)
			die_request("%s: '%s': number %zu is not a certificate", option, path,
			    c->n + 1);
		X509_free(x);
		c->der[c->n++] = der;
	}
	if (c->n == 0)
		die_request("%s: '%s': holds no certificate", option, path);
	fclose(file);
}

/* --- trust -------------------------------------------------------------------- */

struct accepted {
	uint8_t chain[DIGEST_LEN];
	enum role role;
	uint64_t now;
	struct cert leaf;	/* .x == NULL: none */
};

struct trust {
	X509_STORE *anchors;
	struct accepted accepted[ACCEPTED_MAX];		/* latest first */
};

static struct trust *
trust_new(void)
{
	struct trust *t = calloc(1, sizeof *t);
	X509_VERIFY_PARAM *rules;

	if (t == NULL || (t->anchors = X509_STORE_new()) == NULL)
		die_world("no memory");
	rules = X509_STORE_get0_param(t->anchors);
	X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN);
	X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_ANY);	/* check_role() comes after */
	X509_VERIFY_PARAM_set_depth(rules, CHAIN_MAX);
	X509_VERIFY_PARAM_set_auth_level(rules, 2);	/* 112 bits: no SHA-1, no RSA below 2048 */
	return t;
}

static bool
add_anchor(struct trust *t, struct bytes der)
{
	uint8_t fingerprint[DIGEST_LEN];
	X509 *x = parse(der, fingerprint);

	if (x == NULL)
		return false;
	if (X509_STORE_add_cert(t->anchors, x) != 1)
		die_world("no memory");
	X509_free(x);
	return true;
}

struct trust *
trust_load(const char *option, const char *path)
{
	struct trust *t = trust_new();
	FILE *file = open_pem(option, path);
	struct bytes der;
	size_t n = 0;

	while (next_pem(file, option, path, &der))
		if (n++, !add_anchor(t, der))
			die_request("%s: '%s': number %zu is not a certificate", option, path, n);
	if (n == 0)
		die_request("%s: '%s': holds no certificate", option, path);
	fclose(file);
	return t;
}

struct trust *
trust_from_der(const struct bytes *ders, size_t n)
{
	struct trust *t = trust_new();

	for (size_t i = 0; i < n; i++)
		if (!add_anchor(t, ders[i])) {
			X509_STORE_free(t->anchors);
			free(t);
			return NULL;
		}
	return t;
}

/* The critical extension that OpenSSL stumbled over. */
static const char *
unknown_critical(const X509 *x, char *out, int size)
{
	snprintf(out, (size_t)size, "?");
	for (int i = 0; i < X509_get_ext_count(x); i++) {
		X509_EXTENSION *e = X509_get_ext(x, i);

		if (!X509_EXTENSION_get_critical(e) || X509_supported_extension(e))
			continue;
		OBJ_obj2txt(out, size, X509_EXTENSION_get_object(e), 1);
		break;
	}
	return out;
}

static const char *
path_fact(int error)
{
	static const struct {
		int error;
		const char *fact;
	} facts[] = {
		{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "no path to an anchor" },
		{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "no path to an anchor" },
		{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "no path to an anchor" },
		{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "no path to an anchor" },
		{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "no path to an anchor" },
		{ X509_V_ERR_CERT_SIGNATURE_FAILURE, "not signed by its issuer" },
		{ X509_V_ERR_INVALID_CA, "it issued another, and is no CA's" },
		{ X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER, "needs an issuer's key identifier" },
		{ X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER, "needs a subject key identifier" }
	};

	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if (facts[i].error == error)
			return facts[i].fact;
	return X509_verify_cert_error_string(error);
}

static bool
refuse_path(X509_STORE_CTX *ctx, const char *where, struct fault *f)
{
	X509 *x = X509_STORE_CTX_get_current_cert(ctx);
	int error = X509_STORE_CTX_get_error(ctx);
	char name[SPELT_MAX], when[WHEN_LEN], oid[64];
	uint64_t from = 0, until = 0;

	if (x == NULL)
		return fault_refuse(f, "untrusted-issuer", where, "%s", path_fact(error));
	if (!name_part(X509_get_subject_name(x), NID_commonName, name))
		spell(X509_get_subject_name(x), name);
	seconds(X509_get0_notBefore(x), &from);
	seconds(X509_get0_notAfter(x), &until);
	if (error == X509_V_ERR_CERT_HAS_EXPIRED)
		return fault_refuse(f, "expired", where, "certificate of %.100s ended at %s", name,
		    when_spell(until, when));
	if (error == X509_V_ERR_CERT_NOT_YET_VALID)
		return fault_refuse(f, "not-yet-valid", where, "certificate of %.100s begins at %s",
		    name, when_spell(from, when));
	if (error == X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION)
		return fault_refuse(f, "untrusted-issuer", where,
		    "certificate of %.100s: unknown critical extension %s", name,
		    unknown_critical(x, oid, sizeof oid));
	return fault_refuse(f, "untrusted-issuer", where, "certificate of %.100s: %s", name,
	    path_fact(error));
}

static bool
parse_rest(const struct chain *chain, STACK_OF(X509) *rest, const char *where, struct fault *f)
{
	uint8_t fingerprint[DIGEST_LEN];

	for (size_t i = 1; i < chain->n; i++) {
		X509 *x = parse(chain->der[i], fingerprint);

		if (x == NULL)
			return fault_request(f, where, "number %zu is not a certificate", i + 1);
		if (sk_X509_push(rest, x) <= 0)
			die_world("no memory");
	}
	return true;
}

static bool
check_path(struct trust *t, X509 *leaf, STACK_OF(X509) *rest, uint64_t now, const char *where,
    struct fault *f)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool ok;

	if (ctx == NULL || X509_STORE_CTX_init(ctx, t->anchors, leaf, rest) != 1)
		die_world("no memory");
	X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(ctx), (time_t)now);
	ok = X509_verify_cert(ctx) == 1 || refuse_path(ctx, where, f);
	X509_STORE_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}

static bool
check_role(X509 *leaf, enum role role, const char *where, struct fault *f)
{
	char roles[ROLES_LEN];

	if (X509_get_extension_flags(leaf) & EXFLAG_CA)
		return fault_refuse(f, "wrong-role", where,
		    "needs the role %s, has a CA's certificate", role_name(role));
	if (!has_role(leaf, role))
		return fault_refuse(f, "wrong-role", where, "needs the role %s, has %s",
		    role_name(role), *spell_roles(leaf, roles) ? roles : "none");
	if (!(X509_get_key_usage(leaf) & KU_DIGITAL_SIGNATURE))
		return fault_refuse(f, "wrong-role", where,
		    "needs a key for signatures, its usage is another (RFC 5280 4.2.1.3)");
	return true;
}

static void
identify(const struct chain *chain, uint8_t id[static DIGEST_LEN])
{
	uint8_t each[CHAIN_MAX * DIGEST_LEN];

	for (size_t i = 0; i < chain->n; i++)
		digest_sha256(chain->der[i], each + i * DIGEST_LEN);
	digest_sha256((struct bytes){ each, chain->n * DIGEST_LEN }, id);
}

static void
put_first(struct trust *t, size_t i, const struct accepted *a)
{
	memmove(t->accepted + 1, t->accepted, i * sizeof *a);
	t->accepted[0] = *a;
}

static bool
recall(struct trust *t, const struct accepted *wanted, struct cert *leaf)
{
	for (size_t i = 0; i < ACCEPTED_MAX && t->accepted[i].leaf.x != NULL; i++) {
		struct accepted a = t->accepted[i];

		if (a.role != wanted->role || a.now != wanted->now ||
		    memcmp(a.chain, wanted->chain, DIGEST_LEN) != 0)
			continue;
		put_first(t, i, &a);
		*leaf = a.leaf;
		X509_up_ref(leaf->x);
		return true;
	}
	return false;
}

bool
trust_check(struct trust *t, const struct chain *chain, enum role role, uint64_t now,
    struct cert *leaf, const char *where, struct fault *f)
{
	struct accepted a = { .role = role, .now = now };
	STACK_OF(X509) *rest;
	bool ok;

	*leaf = (struct cert){ 0 };
	if (chain->n == 0)
		return fault_request(f, where, "needs a certificate, has none");
	identify(chain, a.chain);
	if (recall(t, &a, leaf))
		return true;
	if ((rest = sk_X509_new_null()) == NULL)
		die_world("no memory");
	ok = parse_rest(chain, rest, where, f) && cert_read(chain->der[0], &a.leaf, where, f) &&
	    check_path(t, a.leaf.x, rest, now, where, f) && check_role(a.leaf.x, role, where, f);
	sk_X509_pop_free(rest, X509_free);
	if (!ok) {
		cert_free(&a.leaf);
		return false;
	}
	cert_free(&t->accepted[ACCEPTED_MAX - 1].leaf);
	put_first(t, ACCEPTED_MAX - 1, &a);
	*leaf = a.leaf;
	X509_up_ref(leaf->x);
	return true;
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
	if (*spell_roles(x, roles) != '\0')
		add(out, ", role %s", roles);
}

void
cert_describe(struct bytes der, struct buf *out)
{
	struct cert c = { 0 };
	char text[SPELT_MAX], when[WHEN_LEN], digits[HEX_MAX];

	c.x = parse(der, c.fingerprint);
	if (c.x == NULL) {
		add(out, "not a certificate (%zu bytes)", der.n);
		return;
	}
	add(out, "certificate %s", spell(X509_get_subject_name(c.x), text));
	add_roles(c.x, out);
	add(out, ", issued by %s", spell(X509_get_issuer_name(c.x), text));
	if (seconds(X509_get0_notAfter(c.x), &c.not_after))
		add(out, ", until %s", when_spell(c.not_after, when));
	add(out, ", sha256 %s", hex(BYTES(c.fingerprint), digits));
	if (has_role(c.x, ROLE_TRE))
		plc_describe(der, out);
	cert_free(&c);
}
