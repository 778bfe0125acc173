/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/status.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/when.h"
#include "crypto/openssl.h"
#include "crypto/revocation.h"

struct sources {
	struct crls *crls;
	struct responses *responses;
};

struct sources *
status_load(const char *crls, const char *responses, uint64_t skew)
{
	struct sources *s;

	if (crls == NULL && responses == NULL)
		return NULL;
	if ((s = calloc(1, sizeof *s)) == NULL)
		die_world("no memory");
	s->crls = crls != NULL ? crls_load(crls, skew) : NULL;
	s->responses = responses != NULL ? responses_load(responses, skew) : NULL;
	return s;
}

bool
status_check(struct sources *s, X509 *x, X509 *issuer, uint64_t now, const char *where,
    struct fault *f)
{
	char name[SPELT_MAX];

	if (issuer == NULL)
		return fault_refuse(f, "no-status", where,
		    "certificate of %.100s is itself an anchor: its issuer "
		    "is not known", x509_subject(x, name));
	return (s->crls == NULL || crls_check(s->crls, x, issuer, now, where, f)) &&
	    (s->responses == NULL || responses_check(s->responses, x, issuer, now, where, f));
}

bool
status_in_time(const char *what, uint64_t from, uint64_t until, uint64_t now, uint64_t skew,
    struct fault *f)
{
	char when[WHEN_LEN];

	if (from > now + skew)
		return fault_refuse(f, "stale-status", what, "lies in the future, at %s",
		    when_spell(from, when));
	return until > now || fault_refuse(f, "stale-status", what, "ended at %s",
	    when_spell(until, when));
}

bool
status_of_revoked(X509 *x, unsigned reason, uint64_t since, const char *where, struct fault *f)
{
	char name[SPELT_MAX], when[WHEN_LEN];

	x509_subject(x, name);
	when_spell(since, when);
	if (reason == REASON_SUPERSEDED)
		return fault_refuse(f, "superseded", where,
		    "certificate of %.100s was superseded at %s", name, when);
	return fault_refuse(f, "revoked", where, "certificate of %.100s was revoked at %s: %s",
	    name, when, reason_spell(reason));
}

bool
status_digest_is_strong(int signature_nid)
{
	int md, key;

	if (OBJ_find_sigid_algs(signature_nid, &md, &key) != 1)
		return false;
	return key == NID_ED25519 || (md != NID_undef && EVP_get_digestbynid(md) != NULL &&
	    EVP_MD_get_size(EVP_get_digestbynid(md)) >= DIGEST_LEN);
}
