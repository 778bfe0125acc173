/* SPDX-License-Identifier: Apache-2.0 */
/*
 * By responses: one that is about the certificate must be there, and each that is must say
 * "good".
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"
#include "crypto/der.h"
#include "crypto/openssl.h"
#include "crypto/revocation.h"
#include "crypto/status.h"

#define OPTION "--ocsp-response"

enum { FILE_MAX = 4 * 1024 * 1024 };

struct responses {
	uint64_t skew;
	size_t n;
	OCSP_BASICRESP *all[RESPONSES_MAX];
};

/* --- loading -------------------------------------------------------------------- */

static void
read_file(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0;

	if (fd == -1)
		die_errno(OPTION ": cannot open '%s'", path);
	while (out->n <= FILE_MAX && (n = read(fd, buf_room(out, 65536), 65536)) > 0)
		out->n += (size_t)n;
	if (n == -1)
		die_errno(OPTION ": cannot read '%s'", path);
	if (out->n > FILE_MAX)
		die_request(OPTION ": '%s': longer than %d bytes", path, FILE_MAX);
	close(fd);
}

static OCSP_RESPONSE *
parse(struct bytes der)
{
	const uint8_t *p = der.p;
	OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &p, (long)der.n);
	unsigned char *again = NULL;
	int n = response != NULL ? i2d_OCSP_RESPONSE(response, &again) : -1;

	if (n < 0 || !bytes_equal(der, (struct bytes){ again, (size_t)n })) {
		OCSP_RESPONSE_free(response);
		response = NULL;
	}
	OPENSSL_free(again);
	return response;
}

/* What is inside, DER too; NULL and *why. */
static OCSP_BASICRESP *
open_response(struct bytes der, const char **why)
{
	OCSP_RESPONSE *response = parse(der);
	OCSP_BASICRESP *basic = NULL;

	if (response == NULL)
		*why = "is no response";
	else if (OCSP_response_status(response) != OCSP_RESPONSE_STATUS_SUCCESSFUL)
		*why = OCSP_response_status_str(OCSP_response_status(response));
	else if ((basic = OCSP_response_get1_basic(response)) == NULL)
		*why = "is of an unknown kind";
	OCSP_RESPONSE_free(response);
	ERR_clear_error();
	return basic;
}

struct responses *
responses_load(const char *path, uint64_t skew)
{
	struct responses *r = calloc(1, sizeof *r);
	struct buf file = { 0 };
	struct bytes rest, one, content;
	const char *why;

	if (r == NULL)
		die_world("no memory");
	r->skew = skew;
	read_file(path, &file);
	for (rest = buf_bytes(&file); rest.n > 0; r->n++) {
		one = rest;
		if (r->n == RESPONSES_MAX || !der_take(&rest, DER_SEQUENCE, &content))
			die_request(OPTION ": '%s': %s %d responses, one after the other", path,
			    "needs up to", RESPONSES_MAX);
		one.n -= rest.n;
		if ((r->all[r->n] = open_response(one, &why)) == NULL)
			die_request(OPTION ": '%s': number %zu %s", path, r->n + 1, why);
	}
	buf_free(&file);
	return r;
}

/* --- checking ------------------------------------------------------------------- */

/* The one response of a kind about the certificate; NULL: none. */
static OCSP_SINGLERESP *
find(OCSP_BASICRESP *basic, X509 *x, X509 *issuer)
{
	OCSP_SINGLERESP *found = NULL;

	for (int i = 0; i < OCSP_resp_count(basic) && found == NULL; i++) {
		OCSP_SINGLERESP *single = OCSP_resp_get0(basic, i);
		OCSP_CERTID *has = (OCSP_CERTID *)(uintptr_t)OCSP_SINGLERESP_get0_id(single),
		    *wanted;
		ASN1_OBJECT *algorithm;
		const EVP_MD *md;

		OCSP_id_get0_info(NULL, &algorithm, NULL, NULL, has);
		md = EVP_get_digestbyobj(algorithm);
		wanted = md != NULL ? OCSP_cert_to_id(md, x, issuer) : NULL;
		if (wanted != NULL && OCSP_id_cmp(wanted, has) == 0)
			found = single;
		OCSP_CERTID_free(wanted);
	}
	ERR_clear_error();
	return found;
}

static bool
refuse_responder(X509 *signer, const char *fact, struct fault *f)
{
	char name[SPELT_MAX];

	return fault_refuse(f, "untrusted-responder", OPTION, "%.100s %s (RFC 6960 4.2.2.2)",
	    signer != NULL ? x509_subject(signer, name) : "who signed", fact);
}

static bool
may_respond(X509 *signer, X509 *issuer, uint64_t now, struct fault *f)
{
	uint64_t from, until;

	if (X509_cmp(signer, issuer) == 0)
		return true;
	if (X509_check_issued(issuer, signer) != X509_V_OK ||
	    X509_verify(signer, X509_get0_pubkey(issuer)) != 1)
		return refuse_responder(signer, "was not certified by the CA itself", f);
	if (!(X509_get_extended_key_usage(signer) & XKU_OCSP_SIGN) ||
	    !(X509_get_key_usage(signer) & KU_DIGITAL_SIGNATURE) ||
	    (X509_get_extension_flags(signer) & (EXFLAG_INVALID | EXFLAG_CRITICAL)))
		return refuse_responder(signer, "is not for OCSPSigning", f);
	if (X509_get_ext_by_NID(signer, NID_id_pkix_OCSP_noCheck, -1) < 0)
		return refuse_responder(signer, "needs id-pkix-ocsp-nocheck", f);
	return (x509_seconds(X509_get0_notBefore(signer), &from) && from <= now &&
	    x509_seconds(X509_get0_notAfter(signer), &until) && until > now) ||
	    refuse_responder(signer, "has a certificate that has ended or not begun", f);
}

static bool
verifies(OCSP_BASICRESP *basic, STACK_OF(X509) *signer)
{
	const X509_ALGOR *algorithm = OCSP_resp_get0_tbs_sigalg(basic);

	return status_digest_is_strong(OBJ_obj2nid(algorithm->algorithm)) &&
	    OCSP_basic_verify(basic, signer, NULL, OCSP_NOVERIFY | OCSP_NOINTERN) == 1;
}

/*
 * At most one certificate goes along, which is the signer's: what else did would be covered by no
 * signature.
 */
static bool
is_signed(OCSP_BASICRESP *basic, X509 *issuer, uint64_t now, struct fault *f)
{
	STACK_OF(X509) *known = sk_X509_new_null();
	X509 *signer = NULL;
	int n = sk_X509_num(OCSP_resp_get0_certs(basic));
	bool ok;

	if (known == NULL || sk_X509_push(known, issuer) <= 0)
		die_world("no memory");
	if (OCSP_resp_get0_signer(basic, &signer, known) != 1 || n > 1 ||
	    (n == 1 && X509_cmp(sk_X509_value(OCSP_resp_get0_certs(basic), 0), signer) != 0))
		ok = refuse_responder(NULL, "is not the one whose certificate goes along", f);
	else if ((ok = may_respond(signer, issuer, now, f))) {
		sk_X509_set(known, 0, signer);
		ok = verifies(basic, known) ||
		    fault_refuse(f, "bad-signature", OPTION, "does not verify");
	}
	sk_X509_free(known);
	ERR_clear_error();
	return ok;
}

static bool
says_good(OCSP_SINGLERESP *single, X509 *x, uint64_t now, uint64_t skew, const char *where,
    struct fault *f)
{
	ASN1_GENERALIZEDTIME *revoked, *begins, *ends;
	uint64_t since = 0, from, until;
	char name[SPELT_MAX];
	int reason, status = OCSP_single_get0_status(single, &reason, &revoked, &begins, &ends);

	if (!x509_seconds(begins, &from))
		return fault_refuse(f, "stale-status", OPTION, "has no time");
	until = from + skew;	/* without nextUpdate it is good for the moment only */
	if (ends != NULL && !x509_seconds(ends, &until))
		until = 0;
	if (!status_in_time(OPTION, from, until, now, skew, f))
		return false;
	if (status == V_OCSP_CERTSTATUS_GOOD)
		return true;
	if (status != V_OCSP_CERTSTATUS_REVOKED)
		return fault_refuse(f, "unknown-device", where,
		    "certificate of %.100s was never issued, says its CA", x509_subject(x, name));
	x509_seconds(revoked, &since);
	return status_of_revoked(x, reason >= 0 ? (unsigned)reason : REASON_UNSPECIFIED, since,
	    where, f);
}

bool
responses_check(const struct responses *r, X509 *x, X509 *issuer, uint64_t now, const char *where,
    struct fault *f)
{
	char name[SPELT_MAX];
	size_t found = 0;

	for (size_t i = 0; i < r->n; i++) {
		OCSP_SINGLERESP *single = find(r->all[i], x, issuer);

		if (single == NULL)
			continue;
		found++;
		if (!is_signed(r->all[i], issuer, now, f) ||
		    !says_good(single, x, now, r->skew, where, f))
			return false;
	}
	return found > 0 || fault_refuse(f, "no-status", OPTION,
	    "has nothing on the certificate of %.100s", x509_subject(x, name));
}
