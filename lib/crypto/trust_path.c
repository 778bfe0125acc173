/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/trust_path.h"

#include <openssl/x509v3.h>

#include "base/when.h"
#include "crypto/openssl.h"

/* The critical extension that OpenSSL stumbled over. */
static const char *
unknown_critical(const X509 *x, char *out, int size)
{
	for (int i = 0; i < X509_get_ext_count(x); i++) {
		X509_EXTENSION *e = X509_get_ext(x, i);

		if (X509_EXTENSION_get_critical(e) && !X509_supported_extension(e) &&
		    OBJ_obj2txt(out, size, X509_EXTENSION_get_object(e), 1) > 0)
			return out;
	}
	return "?";
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

bool
trust_refuse_path(X509_STORE_CTX *ctx, const char *where, struct fault *f)
{
	X509 *x = X509_STORE_CTX_get_current_cert(ctx);
	int error = X509_STORE_CTX_get_error(ctx);
	char name[SPELT_MAX], when[WHEN_LEN], oid[64];
	uint64_t from = 0, until = 0;

	if (x == NULL)
		return fault_refuse(f, "untrusted-issuer", where, "%s", path_fact(error));
	x509_subject(x, name);
	x509_seconds(X509_get0_notBefore(x), &from);
	x509_seconds(X509_get0_notAfter(x), &until);
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
