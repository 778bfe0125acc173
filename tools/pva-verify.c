/* SPDX-License-Identifier: Apache-2.0 */
/* pva-verify - judge evidence of a platform's state and give the verdict */
#include "base/cli.h"
#include "base/die.h"
#include "role/pva.h"
#include "wire/stream.h"

static const char *key, *cert, *trust, *policy_path, *was_path, *crl, *ocsp_response;
static int explain;

static const struct poptOption options[] = {
	CLI_KEY(key, "The validation authority's key"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its certificate, role PVA", "PEM" },
	{ "trust", 't', POPT_ARG_STRING, &trust, 0, "Anchors: of operators and equipment suppliers",
	  "PEM" },
	{ "policy", 'p', POPT_ARG_STRING, &policy_path, 0,
	  "What is acceptable; see m2mkit-policy(5)",
	  "CONF" },
	{ "explain", 'e', POPT_ARG_NONE, &explain, 0,
	  "Say on standard error what was found, and why", NULL },
	{ "was", 'w', POPT_ARG_STRING, &was_path, 0, "Say there what another policy finds else",
	  "CONF" },
	{ "crl", 0, POPT_ARG_STRING, &crl, 0, "No PlC may be on its CA's list in FILE", "FILE" },
	{ "ocsp-response", 0, POPT_ARG_STRING, &ocsp_response, 0,
	  "A response in FILE must call each PlC good", "FILE" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

struct judging {
	struct signer us;
	struct trust *anchors, *suppliers;	/* of what is signed; of PlCs */
	struct policy policy, was;
	struct pva_case c;
	struct buf registration;
};

/* One line for each claim, after why none is believed. */
static void
explain_all(const struct findings *n)
{
	const struct fault *d = n->disbelief;
	char found[FOUND_LEN];

	if (d != NULL)
		warn("%s: failed, %s: %s", d->where, d->reason, d->fact);
	for (const struct finding *i = n->of; i < n->of + CLAIMS_JUDGED; i++)
		warn("%s: %s: %s", i->claim, finding_spell(i, found), i->fact);
}

/* One line for each claim that the other policy finds otherwise. */
static bool
compare(const struct judging *j, const struct findings *n, struct fault *f)
{
	char found[FOUND_LEN], before[FOUND_LEN];
	struct findings was;

	if (!pva_judge(&j->c, &j->was, cli_clock(), &was, f))
		return false;
	for (size_t i = 0; i < CLAIMS_JUDGED; i++)
		if (!finding_same(&n->of[i], &was.of[i]))
			warn("%s: %s: %s; was %s", n->of[i].claim, finding_spell(&n->of[i], found),
			    n->of[i].fact, finding_spell(&was.of[i], before));
	return true;
}

/* *f: why the evidence is not believed, unless it is. */
static bool
answer(const struct judging *j, bool believed, struct fault *f)
{
	static struct buf verdict;
	struct findings findings;
	bool ok;

	if (believed ? !pva_judge(&j->c, &j->policy, cli_clock(), &findings, f) :
	    !pva_disbelieves(f, &findings))
		return false;
	if (explain)
		explain_all(&findings);
	if (was_path != NULL && believed && !compare(j, &findings, f))
		return false;
	verdict.n = 0;
	ok = pva_verdict(&j->c, &j->policy, &findings, &j->us, cli_clock(), &verdict, f);
	stream_put_encoded(buf_bytes(&verdict));
	return ok;
}

static bool
judge(struct judging *j, const struct item *item, struct fault *f)
{
	struct cert plc = { 0 };
	bool ok;

	stream_expect(NULL);
	if (j->c.registration.nonce.p == NULL)
		return stream_lacks("a registration before the evidence", f);
	if (!pva_asked(&j->c.registration, j->us.cert.name, cli_clock(), f))
		return false;
	j->c.plc = &plc;
	ok = signed_take(item, &evidence_record, j->suppliers, cli_clock(), &j->c.evidence, &plc, f) &&
	    pva_answers(&j->c, f);
	ok = answer(j, ok, f);
	cert_free(&plc);
	return ok;
}

static bool
verify(const struct item *item, void *context, struct fault *f)
{
	struct judging *j = context;

	if (item_is(item, &evidence_record))
		return judge(j, item, f);
	stream_expect("evidence/1");
	if (!item_is(item, &registration_record))
		return item_unwanted(item, "registration/1 or evidence/1", f);
	return signed_keep(item, &registration_record, j->anchors, cli_clock(), &j->c.registration,
	    &j->registration, f);
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct judging j;

	cli_require(policy_path, "--policy");
	policy_load(&j.policy, policy_path);
	if (was_path != NULL)
		policy_load(&j.was, was_path);
	signer_load(&j.us, key, cert, ROLE_PVA);
	j.anchors = trust_load("--trust", trust);
	j.suppliers = j.policy.anchors != NULL ? j.policy.anchors : j.anchors;
	trust_demand_status(j.suppliers, crl, ocsp_response, j.policy.skew);
	return stream_run(files, verify, &j, NULL);
}
