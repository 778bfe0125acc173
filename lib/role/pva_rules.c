/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "role/measured.h"
#include "role/pva.h"
#include "role/quoted.h"

/* AR4SI */
enum { UNSTATED = 0, AFFIRMING = 2, UNSAFE = 96, UNRECOGNISED = 97, UNPROVEN = 99 };

struct question {
	const struct registration *r;
	const struct evidence *e;
	const struct plc *plc;
	EVP_PKEY *platform;		/* that it certifies */
	const struct policy *policy;
	uint64_t now;
};

/* --- the device -------------------------------------------------------------------- */

static void
same_device(struct bytes ueid, const struct question *q, struct finding *n)
{
	if (bytes_equal(ueid, (struct bytes){ q->plc->ueid, q->plc->ueid_n }))
		passed(n, "is the PlC's");
	else
		failed(n, "wrong-device", "is not the PlC's");
}

static void
judge_device(const struct question *q, struct finding *n)
{
	same_device(q->e->ueid, q, n);
}

static void
judge_registered_device(const struct question *q, struct finding *n)
{
	same_device(q->r->ueid, q, n);
}

/* --- configuration and hardware ---------------------------------------------------- */

#define NOT_ALLOWED "%s is not allowed by the policy"

static bool
is_allowed(const bool *allowed, uint64_t choice, const char *word, struct finding *n)
{
	if (allowed[choice])
		passed(n, "%s is allowed", word);
	return allowed[choice];
}

static void
judge_debugging(const struct question *q, struct finding *n)
{
	const char *word = dbgstats.words[q->e->dbgstat - 1];

	if (!is_allowed(q->policy->dbgstat_allowed, q->e->dbgstat, word, n))
		failed(n, "debug", NOT_ALLOWED, word);
}

/* A device made for debugging may be opened at any time after it has said that it is closed. */
static void
judge_flags(const struct question *q, struct finding *n)
{
	if (!q->plc->tcb.debug)
		passed(n, "is not made for debugging");
	else if (!is_allowed(q->policy->dbgstat_allowed, DBGSTAT_ENABLED, "debug", n))
		failed(n, "debug", NOT_ALLOWED, "debug");
}

/*
 * Anybody can write a quote and sign it with a key of his own: only the supplier knows that the platform
 * key is a TPM's.  Nor may a device that has a TPM deny it, to be asked for no PCRs.
 */
static void
judge_class(const struct question *q, struct finding *n)
{
	const char *word = tre_classes.words[q->e->tre_class - 1];

	if (!is_allowed(q->policy->tre_class_allowed, q->e->tre_class, word, n)) {
		if (q->e->tre_class == TRE_SOFTWARE)
			failed(n, "software-tre", NOT_ALLOWED, word);
		else
			failed(n, "tre-class", NOT_ALLOWED, word);
	} else if ((q->e->tre_class == TRE_TPM) != q->plc->tcb.tpm)
		failed(n, "wrong-tre-class", "%s is not what the PlC says", word);
}

static void
judge_age(const struct question *q, struct finding *n)
{
	uint64_t iat = q->e->iat, age = q->now > iat ? q->now - iat : 0;
	struct fault f;

	if (!signed_by_clock("evidence", iat, q->now, q->policy->skew, &f))
		failed(n, f.reason, "%s", f.fact);
	else if (age <= q->policy->max_age)
		passed(n, "%" PRIu64 " s old, of %" PRIu64, age, q->policy->max_age);
	else
		failed(n, "stale-evidence", "is older than the policy allows: %" PRIu64 " s, of %" PRIu64,
		    age, q->policy->max_age);
}

static void
judge_mode(const struct question *q, struct finding *n)
{
	uint64_t mode = evidence_mode(q->e);
	const char *word = validation_modes.words[mode - 1];

	if (!is_allowed(q->policy->mode_allowed, mode, word, n))
		failed(n, "validation-mode", NOT_ALLOWED, word);
}

/* --- executables ------------------------------------------------------------------- */

static void
judge_components(const struct question *q, struct finding *n)
{
	judge_measurements(q->e, &q->plc->tcb, q->policy, n);
}

static void
judge_version(const struct question *q, struct finding *n)
{
	struct text version = q->e->swversion.version, expected = q->plc->tcb.version;

	for (size_t i = 0; i < q->policy->version_count; i++)
		if (text_equal(version, q->policy->versions[i])) {
			passed(n, "is one that the policy expects");
			return;
		}
	if (q->policy->version_count > 0)
		failed(n, "wrong-version", "is not what the policy expects");
	else if (expected.p == NULL)
		absent(n, "missing-reference", "has nothing to compare it with");
	else if (!text_equal(version, expected))
		failed(n, "wrong-version", "is not what the PlC expects");
	else
		passed(n, "is what the PlC expects");
}

static void
judge_svn(const struct question *q, struct finding *n)
{
	const struct tcb *tcb = &q->plc->tcb;
	uint64_t least = q->policy->min_svn;

	if (least == 0)
		unasked(n, "the policy demands none");
	else if (!tcb->svn_stated)
		absent(n, "missing-claim", "is missing");
	else if (tcb->svn < least)
		failed(n, "svn-too-low", "needs %" PRIu64 " or more, has %" PRIu64, least, tcb->svn);
	else
		passed(n, "%" PRIu64 ", of at least %" PRIu64, tcb->svn, least);
}

/* --- the TPM ----------------------------------------------------------------------- */

static void
judge_tpm_quote(const struct question *q, struct finding *n)
{
	judge_quote(q->e, q->platform, n);
}

static void
judge_tpm_pcrs(const struct question *q, struct finding *n)
{
	judge_pcrs(q->e, q->policy, n);
}

static void
judge_tpm_certification(const struct question *q, struct finding *n)
{
	judge_sealing(q->e, q->platform, n);
}

/* --- all of it --------------------------------------------------------------------- */

#define TIER(member) offsetof(struct trust_vector, member)

static const struct rule {
	const char *claim;
	size_t tier;			/* of the trustworthiness vector that the claim is about */
	int64_t failed;			/* what that is when it fails */
	void (*judge)(const struct question *q, struct finding *n);
} rules[CLAIMS_JUDGED] = {
	{ "evidence.ueid", TIER(instance_identity), UNRECOGNISED, judge_device },
	{ "registration.ueid", TIER(instance_identity), UNRECOGNISED, judge_registered_device },
	{ "evidence.dbgstat", TIER(configuration), UNSAFE, judge_debugging },
	{ "plc.tcb.flags", TIER(configuration), UNSAFE, judge_flags },
	{ "evidence.tre_class", TIER(hardware), UNSAFE, judge_class },
	{ "evidence.mode", TIER(configuration), UNSAFE, judge_mode },
	{ "evidence.iat", TIER(configuration), UNSAFE, judge_age },
	{ "evidence.measurements", TIER(executables), UNSAFE, judge_components },
	{ "evidence.swversion", TIER(executables), UNSAFE, judge_version },
	{ "plc.tcb.svn", TIER(executables), UNSAFE, judge_svn },
	{ "evidence.tpm.quote", TIER(hardware), UNRECOGNISED, judge_tpm_quote },
	{ "evidence.tpm.pcrs", TIER(executables), UNSAFE, judge_tpm_pcrs },
	{ "evidence.tpm.certification", TIER(hardware), UNRECOGNISED, judge_tpm_certification },
};

/* The worst counts, and what could not be judged is not affirmed. */
static void
lower(int64_t *tier, const struct rule *rule, enum outcome outcome)
{
	if (outcome == FAILED)
		*tier = rule->failed;
	else if (outcome == ABSENT && *tier < UNSAFE)
		*tier = UNSTATED;
}

bool
pva_judge(const struct pva_case *c, const struct policy *p, uint64_t now, struct findings *out,
    struct fault *f)
{
	struct plc plc;
	struct question q = { &c->registration, &c->evidence, &plc, c->plc->key, p, now };

	if (!plc_of(c->plc, &plc, "evidence.protected.x5chain", f))
		return false;
	*out = (struct findings){ .vector = { AFFIRMING, AFFIRMING, AFFIRMING, AFFIRMING } };
	for (size_t i = 0; i < CLAIMS_JUDGED; i++) {
		out->of[i].claim = rules[i].claim;
		rules[i].judge(&q, &out->of[i]);
		lower((int64_t *)(void *)((char *)&out->vector + rules[i].tier), &rules[i],
		    out->of[i].outcome);
	}
	return true;
}

/* --- evidence that is not believed --------------------------------------------------- */

/* What a refusal says of who is at the other end. */
static const struct disbelief {
	const char *reason;
	int64_t identity;
} disbeliefs[] = {
	{ "untrusted-issuer", UNRECOGNISED },
	{ "wrong-role", UNRECOGNISED },
	{ "wrong-issuer", UNRECOGNISED },
	{ "unknown-device", UNRECOGNISED },
	{ "wrong-pcid", UNRECOGNISED },
	{ "expired", UNSAFE },
	{ "not-yet-valid", UNSAFE },
	{ "revoked", UNSAFE },
	{ "superseded", UNSAFE },
	{ "bad-signature", UNPROVEN },
	{ "stale-nonce", UNPROVEN },
	{ "wrong-nonce", UNPROVEN },
};

static const struct disbelief *
find_disbelief(const struct fault *why)
{
	static const char object[] = "evidence.";

	if (why->status != STATUS_REFUSED || strncmp(why->where, object, sizeof object - 1) != 0)
		return NULL;
	for (size_t i = 0; i < COUNT(disbeliefs); i++)
		if (strcmp(why->reason, disbeliefs[i].reason) == 0)
			return &disbeliefs[i];
	return NULL;
}

bool
pva_disbelieves(const struct fault *why, struct findings *out)
{
	const struct disbelief *d = find_disbelief(why);

	if (d == NULL)
		return false;
	*out = (struct findings){ .vector.instance_identity = d->identity, .disbelief = why };
	for (size_t i = 0; i < CLAIMS_JUDGED; i++) {
		out->of[i].claim = rules[i].claim;
		unjudged(&out->of[i]);
	}
	return true;
}
