/* SPDX-License-Identifier: Apache-2.0 */
#include "role/pva.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/die.h"
#include "base/plain.h"
#include "crypto/conf.h"
#include "crypto/plc.h"

enum { AFFIRMING = 2, UNSAFE = 96, UNRECOGNISED = 97 };	/* AR4SI */

/* --- policy ------------------------------------------------------------------------ */

/* "a, b" to a set over the words of choices. */
static void
load_set(struct conf *c, const char *path, const char *key, const struct choices *choices, bool *set)
{
	const char *rest = conf_require(c, "policy", key);
	struct text word;
	size_t i;

	while (conf_word(&rest, &word)) {
		for (i = 0; i < choices->n && !text_is(word, choices->words[i]); i++)
			;
		if (i == choices->n)
			die_request("%s: [policy] %s: '%.*s' is none of its choices", path, key, (int)word.n,
			    word.p);
		set[i + 1] = true;
	}
}

void
policy_load(struct policy *p, const char *path)
{
	struct conf *c = conf_load(path);

	*p = (struct policy){ .id = text_of(conf_require(c, "policy", "id")) };
	if (p->id.n == 0 || p->id.n > POLICY_ID_MAX || !text_plain(p->id))
		die_request("%s: [policy] id: needs 1 to %d bytes of text", path, POLICY_ID_MAX);
	load_set(c, path, "dbgstat", &dbgstats, p->dbgstat_allowed);
	load_set(c, path, "tre_class", &tre_classes, p->tre_class_allowed);
	p->min_svn = conf_number(c, "policy", "min_svn", 1, INT64_MAX, 0);
	p->max_age = conf_number(c, "policy", "max_age", 1, 86400 * 366, 600);
	p->validity = conf_number(c, "policy", "validity", 1, 86400 * 366, 3600);
	conf_finish(c);
}

/* --- belonging together --------------------------------------------------------------- */

static bool
belongs_together(const struct pva_case *c, const char *us, uint64_t now, struct fault *f)
{
	const struct registration *r = &c->registration;
	const struct evidence *e = &c->evidence;

	if (!text_is(r->pva, us))
		return fault_refuse(f, "wrong-pva", "registration.pva", "is %.*s, not us", (int)r->pva.n,
		    r->pva.p);
	if (!signed_in_time("registration", r->iat, r->exp, now, f))
		return false;
	if (!bytes_equal(e->eat_nonce, r->nonce))
		return fault_refuse(f, "stale-nonce", "evidence.eat_nonce", "not the one asked for");
	if (!text_equal(e->sub, r->pcid))
		return fault_refuse(f, "wrong-pcid", "evidence.sub", "is not the registration's");
	return signed_in_time("evidence", e->iat, 0, now, f);
}

/* --- judging ---------------------------------------------------------------------------- */

struct findings {
	struct trust_vector vector;
	struct list reasons;
	struct buf raw;
	struct fault *first;
};

static void __attribute__((format(printf, 6, 7)))
find(struct findings *n, int64_t *tier, int64_t value, const char *claim, const char *reason,
    const char *fmt, ...)
{
	char fact[sizeof n->first->fact];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(fact, sizeof fact, fmt, ap);
	va_end(ap);
	if (n->reasons.count == 0)
		fault_refuse(n->first, reason, claim, "%s", fact);
	list_add(&reason_element, &n->reasons, &n->raw, &(struct reason){ text_of(claim), text_of(reason) });
	*tier = value;
}

static void
judge_identity(struct findings *n, const struct pva_case *c, const struct plc *plc)
{
	struct bytes ueid = { plc->ueid, plc->ueid_n };

	n->vector.instance_identity = AFFIRMING;
	if (!bytes_equal(c->evidence.ueid, ueid))
		find(n, &n->vector.instance_identity, UNRECOGNISED, "evidence.ueid", "wrong-device",
		    "is not the PlC's");
	else if (!bytes_equal(c->registration.ueid, ueid))
		find(n, &n->vector.instance_identity, UNRECOGNISED, "registration.ueid", "wrong-device",
		    "is not the PlC's");
}

/* A device made for debugging may be opened at any time after it has said that it is closed. */
static void
judge_configuration(struct findings *n, const struct evidence *e, const struct tcb *tcb,
    const struct policy *p, uint64_t now)
{
	n->vector.configuration = AFFIRMING;
	n->vector.hardware = AFFIRMING;
	if (!p->dbgstat_allowed[e->dbgstat])
		find(n, &n->vector.configuration, UNSAFE, "evidence.dbgstat", "debug",
		    "is not allowed by the policy");
	if (tcb->debug && !p->dbgstat_allowed[DBGSTAT_ENABLED])
		find(n, &n->vector.configuration, UNSAFE, "plc.tcb.flags", "debug",
		    "is not allowed by the policy");
	if (!p->tre_class_allowed[e->tre_class])
		find(n, &n->vector.hardware, UNSAFE, "evidence.tre_class", "tre-class",
		    "is not allowed by the policy");
	if (e->iat + p->max_age < now)
		find(n, &n->vector.configuration, UNSAFE, "evidence.iat", "stale-evidence",
		    "is older than the policy allows");
}

/* Each measurement against the PlC's reference in the same place: none missing, none besides. */
static void
judge_measurements(struct findings *n, const struct evidence *e, const struct tcb *tcb)
{
	struct measurement m;
	struct component component;
	struct fault f;
	size_t at = 0, i = 0;

	for (; list_next(&measurement_element, e->measurements, &at, &m); i++) {
		record_decode(&component_record, &component, m.component, &f);
		if (i >= tcb->fwids)
			find(n, &n->vector.executables, UNSAFE, "evidence.measurements", "measurement-unknown",
			    "has more than the PlC expects");
		else if (!bytes_equal(component.digest, tcb->fwid[i]))
			find(n, &n->vector.executables, UNSAFE, "evidence.measurements", "measurement-differs",
			    "is not what the PlC expects");
	}
	if (i < tcb->fwids)
		find(n, &n->vector.executables, UNSAFE, "evidence.measurements", "measurement-missing",
		    "has fewer than the PlC expects");
}

static void
judge_executables(struct findings *n, const struct evidence *e, const struct tcb *tcb,
    const struct policy *p)
{
	n->vector.executables = AFFIRMING;
	judge_measurements(n, e, tcb);
	if (tcb->version.p != NULL && !text_equal(e->swversion.version, tcb->version))
		find(n, &n->vector.executables, UNSAFE, "evidence.swversion", "wrong-version",
		    "is not what the PlC expects");
	if (p->min_svn != 0 && !tcb->svn_stated)
		find(n, &n->vector.executables, UNSAFE, "plc.tcb.svn", "missing-claim", "is missing");
	else if (tcb->svn < p->min_svn)
		find(n, &n->vector.executables, UNSAFE, "plc.tcb.svn", "svn-too-low",
		    "needs %" PRIu64 " or more, has %" PRIu64, p->min_svn, tcb->svn);
}

static void
put_verdict(const struct pva_case *c, const struct policy *p, const struct signer *us,
    const struct findings *n, uint64_t now, struct buf *out)
{
	static struct buf ids;
	const struct evidence *e = &c->evidence;
	struct verdict v = {
		.pva = text_of(us->cert.name), .sub = e->sub, .aud = c->registration.sho,
		.exp = signed_until(now, p->validity), .iat = now, .cnf = e->cnf, .eat_nonce = e->eat_nonce,
		.ueid = e->ueid, .eat_profile = text_of(VERDICT_PROFILE),
		.verifier_id = { text_of("m2mkit"), text_of(VERSION) },
		.plc = BYTES(c->plc->fingerprint), .mode = MODE_REMOTE,
		.submods.tre = {
			.status = n->reasons.count == 0 ? EAR_AFFIRMING : EAR_CONTRAINDICATED,
			.trustworthiness_vector = n->vector, .reasons = n->reasons,
		},
	};

	ids.n = 0;
	list_add(&policy_id_element, &v.submods.tre.appraisal_policy_ids, &ids, &p->id);
	signed_encode(us, &verdict_record, &v, out);
}

bool
pva_judge(const struct pva_case *c, const struct policy *policy, const struct signer *us, uint64_t now,
    struct buf *out, struct fault *f)
{
	static struct findings n;
	struct plc plc;

	if (!belongs_together(c, us->cert.name, now, f) ||
	    !plc_of(c->plc, &plc, "evidence.protected.x5chain", f))
		return false;
	n.raw.n = 0;
	n = (struct findings){ .raw = n.raw, .first = f };
	judge_identity(&n, c, &plc);
	judge_configuration(&n, &c->evidence, &plc.tcb, policy, now);
	judge_executables(&n, &c->evidence, &plc.tcb, policy);
	put_verdict(c, policy, us, &n, now, out);
	f->answered = n.reasons.count > 0;
	return n.reasons.count == 0;
}
