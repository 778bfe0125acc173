/* SPDX-License-Identifier: Apache-2.0 */
/* By lists: of each CA all those that are there must hold, and none may name the certificate. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "base/die.h"
#include "crypto/openssl.h"
#include "crypto/pemfile.h"
#include "crypto/revocation.h"
#include "crypto/status.h"

struct crls {
	uint64_t skew;
	size_t n;
	struct crl {
		X509_CRL *crl;
		uint64_t this_update, next_update;
		X509 *signer;		/* the one it was found to be signed by */
	} all[CRLS_MAX];
};

/* --- loading -------------------------------------------------------------------- */

static X509_CRL *
parse(struct bytes der)
{
	const uint8_t *p = der.p;
	X509_CRL *crl = d2i_X509_CRL(NULL, &p, (long)der.n);
	unsigned char *again = NULL;
	int n = crl != NULL ? i2d_X509_CRL(crl, &again) : -1;

	if (n < 0 || !bytes_equal(der, (struct bytes){ again, (size_t)n })) {
		X509_CRL_free(crl);
		crl = NULL;
	}
	OPENSSL_free(again);
	ERR_clear_error();
	return crl;
}

/*
 * A delta says too little, and so may a list of some reasons or devices only: both are critical
 * extensions.
 */
static const char *
why_not(const X509_CRL *crl, struct crl *c)
{
	for (int i = 0; i < X509_CRL_get_ext_count(crl); i++)
		if (X509_EXTENSION_get_critical(X509_CRL_get_ext(crl, i)))
			return "has a critical extension";
	if (X509_CRL_get0_nextUpdate(crl) == NULL)
		return "has no nextUpdate (RFC 5280 5.1.2.5)";
	if (!x509_seconds(X509_CRL_get0_lastUpdate(crl), &c->this_update) ||
	    !x509_seconds(X509_CRL_get0_nextUpdate(crl), &c->next_update))
		return "has a malformed time";
	return NULL;
}

struct crls *
crls_load(const char *path, uint64_t skew)
{
	static struct bytes ders[CRLS_MAX];
	struct crls *c = calloc(1, sizeof *c);
	const char *why;

	if (c == NULL)
		die_world("no memory");
	c->skew = skew;
	c->n = pemfile_lists("--crl", path, ders, CRLS_MAX);
	for (size_t i = 0; i < c->n; i++) {
		c->all[i].crl = parse(ders[i]);
		why = c->all[i].crl == NULL ? "is no list" : why_not(c->all[i].crl, &c->all[i]);
		if (why != NULL)
			die_request("--crl: '%s': number %zu %s", path, i + 1, why);
	}
	return c;
}

/* --- checking ------------------------------------------------------------------- */

/* By name, and by key where the list says which: a CA may have had another one. */
static bool
is_of(const X509_CRL *crl, X509 *issuer)
{
	AUTHORITY_KEYID *aki;
	const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(issuer);
	bool same;

	if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) != 0)
		return false;
	aki = X509_CRL_get_ext_d2i(crl, NID_authority_key_identifier, NULL, NULL);
	same = aki == NULL || aki->keyid == NULL || id == NULL ||
	    ASN1_OCTET_STRING_cmp(aki->keyid, id) == 0;
	AUTHORITY_KEYID_free(aki);
	return same;
}

/* Once for each list and CA: a list may be long. */
static bool
is_signed(struct crl *c, X509 *issuer, struct fault *f)
{
	char name[SPELT_MAX];

	if (c->signer != NULL && X509_cmp(c->signer, issuer) == 0)
		return true;
	if (!(X509_get_key_usage(issuer) & KU_CRL_SIGN))
		return fault_refuse(f, "bad-signature", "--crl",
		    "%.100s may sign no lists (RFC 5280 4.2.1.3)", x509_subject(issuer, name));
	if (!status_digest_is_strong(X509_CRL_get_signature_nid(c->crl)) ||
	    X509_CRL_verify(c->crl, X509_get0_pubkey(issuer)) != 1) {
		ERR_clear_error();
		return fault_refuse(f, "bad-signature", "--crl",
		    "the list of %.100s does not verify", x509_subject(issuer, name));
	}
	X509_free(c->signer);
	X509_up_ref(issuer);
	c->signer = issuer;
	return true;
}

static unsigned
reason_of(const X509_REVOKED *entry)
{
	ASN1_ENUMERATED *code = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
	long n = code != NULL ? ASN1_ENUMERATED_get(code) : REASON_UNSPECIFIED;

	ASN1_ENUMERATED_free(code);
	return n >= 0 ? (unsigned)n : REASON_UNSPECIFIED;
}

static bool
is_not_on(const struct crl *c, X509 *x, const char *where, struct fault *f)
{
	X509_REVOKED *entry;
	uint64_t since = 0;

	if (X509_CRL_get0_by_serial(c->crl, &entry, X509_get_serialNumber(x)) == 0)
		return true;
	x509_seconds(X509_REVOKED_get0_revocationDate(entry), &since);
	return status_of_revoked(x, reason_of(entry), since, where, f);
}

bool
crls_check(struct crls *c, X509 *x, X509 *issuer, uint64_t now, const char *where, struct fault *f)
{
	char name[SPELT_MAX];
	size_t found = 0;

	for (size_t i = 0; i < c->n; i++) {
		struct crl *one = &c->all[i];

		if (!is_of(one->crl, issuer))
			continue;
		found++;
		if (!is_signed(one, issuer, f) ||
		    !status_in_time("--crl", one->this_update, one->next_update, now, c->skew, f) ||
		    !is_not_on(one, x, where, f))
			return false;
	}
	return found > 0 || fault_refuse(f, "no-status", "--crl", "has no list of %.100s",
	    x509_subject(issuer, name));
}
