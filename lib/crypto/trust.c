/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/trust.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "base/die.h"
#include "crypto/openssl.h"
#include "crypto/pemfile.h"
#include "crypto/plc_run.h"
#include "crypto/status.h"
#include "crypto/trust_path.h"

/* paths a trust remembers: the few roles one stream speaks of; and runs: the few states of a fleet */
enum { ACCEPTED_MAX = 8, RUNS_MAX = 4 };

struct accepted {
	uint8_t chain[DIGEST_LEN], above[DIGEST_LEN];	/* all of it; without the first */
	enum role role;
	uint64_t now;
	struct cert leaf;	/* .key == NULL: none */
};

struct trust {
	X509_STORE *anchors;
	struct sources *status;		/* NULL: not asked for */
	struct accepted accepted[ACCEPTED_MAX];		/* latest first */
	struct run {			/* of PlCs, one of which had a path by that chain */
		struct plc_run plcs;
		struct accepted by;	/* without a leaf */
	} runs[RUNS_MAX];
	size_t next_run;
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
	X509 *x = x509_parse(der, fingerprint);

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
	struct bytes ders[ANCHORS_MAX];

	return trust_from_der(ders, pemfile_certificates(option, path, ders, ANCHORS_MAX));
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

static bool
parse_rest(const struct chain *chain, STACK_OF(X509) *rest, const char *where, struct fault *f)
{
	uint8_t fingerprint[DIGEST_LEN];

	for (size_t i = 1; i < chain->n; i++) {
		X509 *x = x509_parse(chain->der[i], fingerprint);

		if (x == NULL)
			return fault_request(f, where, "number %zu is not a certificate", i + 1);
		if (sk_X509_push(rest, x) <= 0)
			die_world("no memory");
	}
	return true;
}

static bool
is_anchor(X509_STORE_CTX *ctx, X509 *x)
{
	STACK_OF(X509) *same_name = X509_STORE_CTX_get1_certs(ctx, X509_get_subject_name(x));
	bool found = false;

	for (int i = 0; i < sk_X509_num(same_name) && !found; i++)
		found = X509_cmp(sk_X509_value(same_name, i), x) == 0;
	sk_X509_pop_free(same_name, X509_free);
	return found;
}

/*
 * One trust file may hold the CAs of operators and of equipment suppliers, and neither can act for
 * the other: above a TRE's certificate every CA has the role M2MES, above any other none has.
 * It must be every one, not the next alone, or an operators' root could appoint suppliers.
 */
static bool
check_issuers(X509_STORE_CTX *ctx, enum role role, const char *where, struct fault *f)
{
	STACK_OF(X509) *path = X509_STORE_CTX_get0_chain(ctx);
	int n = is_anchor(ctx, sk_X509_value(path, 0)) ? 1 : sk_X509_num(path);
	char name[SPELT_MAX];

	for (int i = 1; i < n; i++) {
		X509 *ca = sk_X509_value(path, i);

		if (x509_has_role(ca, ROLE_M2MES) == (role == ROLE_TRE))
			continue;
		x509_spell(X509_get_subject_name(ca), name);
		return fault_refuse(f, "wrong-issuer", where, role == ROLE_TRE ?
		    "%.100s is no equipment supplier's CA" : "%.100s is an equipment supplier's CA", name);
	}
	return true;
}

static bool
check_role(X509 *leaf, enum role role, const char *where, struct fault *f)
{
	char roles[ROLES_LEN];

	if (X509_get_extension_flags(leaf) & EXFLAG_CA)
		return fault_refuse(f, "wrong-role", where,
		    "needs the role %s, has a CA's certificate", role_name(role));
	if (!x509_has_role(leaf, role))
		return fault_refuse(f, "wrong-role", where, "needs the role %s, has %s",
		    role_name(role), *x509_spell_roles(leaf, roles) ? roles : "none");
	if (!(X509_get_key_usage(leaf) & KU_DIGITAL_SIGNATURE))
		return fault_refuse(f, "wrong-role", where,
		    "needs a key for signatures, its usage is another (RFC 5280 4.2.1.3)");
	return true;
}

/*
 * From the anchor down: who is revoked himself is not heard on others.  The anchor is not asked
 * about; whoever is itself one has a path of one.
 */
static bool
check_status(struct trust *t, X509_STORE_CTX *ctx, enum role role, uint64_t now, const char *where,
    struct fault *f)
{
	STACK_OF(X509) *path = X509_STORE_CTX_get0_chain(ctx);
	int n = sk_X509_num(path);

	if (role != ROLE_TRE || t->status == NULL)
		return true;
	for (int i = n > 1 ? n - 2 : 0; i >= 0; i--)
		if (!status_check(t->status, sk_X509_value(path, i), sk_X509_value(path, i + 1),
		    now, where, f))
			return false;
	return true;
}

/*
 * Whether more than its issuer's signature may be asked of the name in a PlC: a CA may constrain
 * those below it (RFC 5280 4.2.1.10), and who has his issuer's own name, which then has a serial
 * number, counts as self-issued.
 */
static bool
names_matter(STACK_OF(X509) *path)
{
	const X509_NAME *issuer = X509_get_subject_name(sk_X509_value(path, 1));
	bool matter = X509_NAME_get_index_by_NID(issuer, NID_serialNumber, -1) >= 0;

	for (int i = 1; i < sk_X509_num(path) && !matter; i++)
		matter = X509_get_ext_by_NID(sk_X509_value(path, i), NID_name_constraints, -1) >= 0;
	return matter;
}

/* The next PlC may be of the same run.  One that is itself an anchor has no issuer to speak of. */
static void
remember_run(struct trust *t, X509_STORE_CTX *ctx, const struct accepted *a)
{
	STACK_OF(X509) *path = X509_STORE_CTX_get0_chain(ctx);
	struct run *r = &t->runs[t->next_run % RUNS_MAX];

	if (a->role != ROLE_TRE || sk_X509_num(path) < 2 || names_matter(path) ||
	    !plc_run_of(&a->leaf, X509_get0_pubkey(sk_X509_value(path, 1)), &r->plcs))
		return;
	r->by = *a;
	r->by.leaf = (struct cert){ 0 };
	t->next_run++;
}

static bool
check_path(struct trust *t, const struct accepted *a, STACK_OF(X509) *rest, const char *where,
    struct fault *f)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509 *leaf = a->leaf.x;
	bool ok;

	if (ctx == NULL || X509_STORE_CTX_init(ctx, t->anchors, leaf, rest) != 1)
		die_world("no memory");
	X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(ctx), (time_t)a->now);
	ok = (X509_verify_cert(ctx) == 1 || trust_refuse_path(ctx, where, f)) &&
	    check_role(leaf, a->role, where, f) && check_issuers(ctx, a->role, where, f) &&
	    check_status(t, ctx, a->role, a->now, where, f);
	if (ok)
		remember_run(t, ctx, a);
	X509_STORE_CTX_free(ctx);
	ERR_clear_error();
	return ok;
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
	for (size_t i = 0; i < ACCEPTED_MAX && t->accepted[i].leaf.key != NULL; i++) {
		struct accepted a = t->accepted[i];

		if (a.role != wanted->role || a.now != wanted->now ||
		    memcmp(a.chain, wanted->chain, DIGEST_LEN) != 0)
			continue;
		put_first(t, i, &a);
		cert_copy(&a.leaf, leaf);
		return true;
	}
	return false;
}

/* Whether a path need not be built: those of a run have the same.  What is wrong else, building it tells. */
static bool
is_of_run(struct trust *t, const struct chain *chain, struct accepted *a)
{
	for (struct run *r = t->runs; r < t->runs + RUNS_MAX && t->status == NULL; r++)
		if (a->role == r->by.role && a->now == r->by.now &&
		    memcmp(a->above, r->by.above, DIGEST_LEN) == 0 &&
		    plc_run_holds(&r->plcs, chain->der[0], a->now, &a->leaf))
			return true;
	return false;
}

static bool
build_path(struct trust *t, const struct chain *chain, struct accepted *a, const char *where,
    struct fault *f)
{
	STACK_OF(X509) *rest = sk_X509_new_null();
	bool ok;

	if (rest == NULL)
		die_world("no memory");
	ok = parse_rest(chain, rest, where, f) && cert_read(chain->der[0], &a->leaf, where, f) &&
	    check_path(t, a, rest, where, f);
	sk_X509_pop_free(rest, X509_free);
	if (!ok)
		cert_free(&a->leaf);
	return ok;
}

bool
trust_check(struct trust *t, const struct chain *chain, enum role role, uint64_t now,
    struct cert *leaf, const char *where, struct fault *f)
{
	struct accepted a = { .role = role, .now = now };

	*leaf = (struct cert){ 0 };
	if (chain->n == 0)
		return fault_request(f, where, "needs a certificate, has none");
	digest_parts(chain->der, chain->n, a.chain);
	if (recall(t, &a, leaf))
		return true;
	digest_parts(chain->der + 1, chain->n - 1, a.above);
	if (!is_of_run(t, chain, &a) && !build_path(t, chain, &a, where, f))
		return false;
	cert_free(&t->accepted[ACCEPTED_MAX - 1].leaf);
	put_first(t, ACCEPTED_MAX - 1, &a);
	cert_copy(&a.leaf, leaf);
	return true;
}

void
trust_demand_status(struct trust *t, const char *crls, const char *responses, uint64_t skew)
{
	t->status = status_load(crls, responses, skew);
}

void
chain_load(const char *option, const char *path, struct chain *c)
{
	c->n = pemfile_certificates(option, path, c->der, CHAIN_MAX);
}
