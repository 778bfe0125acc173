/* SPDX-License-Identifier: Apache-2.0 */
#include "role/policy.h"

#include <limits.h>
#include <stdio.h>

#include "base/cli.h"
#include "base/die.h"
#include "base/plain.h"
#include "crypto/conf.h"
#include "msg/signed.h"

/* "a, b" to a set over the words of choices. */
static void
load_set(const char *path, const char *key, const char *value, const struct choices *choices, bool *set)
{
	struct text word;
	uint64_t choice;

	while (conf_word(&value, &word)) {
		if ((choice = choice_of(choices, word)) == 0)
			die_request("%s: [policy] %s: '%.*s' is none of its choices", path, key, (int)word.n,
			    word.p);
		set[choice] = true;
	}
}

/* Where the policy is silent the device has to show everything. */
static void
load_modes(struct policy *p, struct conf *c, const char *path)
{
	const char *modes = conf_text(c, "policy", "mode");

	load_set(path, "mode", modes != NULL ? modes : "remote", &validation_modes, p->mode_allowed);
}

static void
load_versions(struct policy *p, struct conf *c, const char *path)
{
	const char *rest = conf_text(c, "policy", "versions");
	struct text word;

	while (rest != NULL && conf_word(&rest, &word)) {
		if (p->version_count == VERSIONS_MAX)
			die_request("%s: [policy] versions: needs up to %d", path, VERSIONS_MAX);
		if (word.n == 0)
			die_request("%s: [policy] versions: one is empty", path);
		p->versions[p->version_count++] = word;
	}
	if (rest != NULL && p->version_count == 0)
		die_request("%s: [policy] versions: is empty", path);
}

static void
load_digest(struct policy *p, const char *path, const char *name, struct text digits)
{
	struct reference *r = &p->references[p->reference_count++];
	struct buf digest = { 0 };

	if (p->reference_count > REFERENCES_MAX)
		die_request("%s: [references] needs up to %d digests", path, REFERENCES_MAX);
	if (!hex_read(&digest, digits) || digest.n != DIGEST_LEN)
		die_request("%s: [references] %s: needs %d hex digits", path, name, 2 * DIGEST_LEN);
	r->name = text_of(name);
	memcpy(r->digest, digest.p, DIGEST_LEN);
	buf_free(&digest);
}

/* NAME = DIGEST, DIGEST... */
static void
load_references(struct policy *p, struct conf *c, const char *path)
{
	const char *name, *digests;
	struct text word;

	for (size_t i = 0; conf_each(c, "references", i, &name, &digests); i++) {
		if (*digests == '\0')
			die_request("%s: [references] %s: is empty", path, name);
		while (conf_word(&digests, &word))
			load_digest(p, path, name, word);
	}
}

static void
load_pcr_values(const char *path, uint64_t pcr, const char *values, struct pcr_reference *r)
{
	struct buf value = { 0 };
	struct text word;

	while (conf_word(&values, &word)) {
		value.n = 0;
		if (!hex_read(&value, word) || value.n != DIGEST_LEN)
			die_request("%s: [pcrs] %d: needs %d hex digits", path, (int)pcr, 2 * DIGEST_LEN);
		if (r->count == PCR_VALUES_MAX)
			die_request("%s: [pcrs] %d: needs up to %d values", path, (int)pcr, PCR_VALUES_MAX);
		memcpy(r->value[r->count++], value.p, DIGEST_LEN);
	}
	if (r->count == 0)
		die_request("%s: [pcrs] %d: is empty", path, (int)pcr);
	buf_free(&value);
}

/* NUMBER = VALUE, VALUE... */
static void
load_pcrs(struct policy *p, struct conf *c, const char *path)
{
	const char *key, *values;
	char option[PATH_MAX + sizeof ": [pcrs]"];
	uint64_t pcr;

	snprintf(option, sizeof option, "%s: [pcrs]", path);
	for (size_t i = 0; conf_each(c, "pcrs", i, &key, &values); i++) {
		pcr = cli_number(option, key, 0, PCRS_MAX - 1, 0);
		load_pcr_values(path, pcr, values, &p->pcrs[pcr]);
		p->pcrs_named = true;
	}
}

void
policy_load(struct policy *p, const char *path)
{
	struct conf *c = conf_load(path);
	const char *anchors = conf_text(c, "policy", "anchors");

	*p = (struct policy){ .id = text_of(conf_require(c, "policy", "id")) };
	if (p->id.n == 0 || p->id.n > POLICY_ID_MAX || !text_plain(p->id))
		die_request("%s: [policy] id: needs 1 to %d bytes of text", path, POLICY_ID_MAX);
	load_set(path, "dbgstat", conf_require(c, "policy", "dbgstat"), &dbgstats, p->dbgstat_allowed);
	load_set(path, "tre_class", conf_require(c, "policy", "tre_class"), &tre_classes,
	    p->tre_class_allowed);
	load_modes(p, c, path);
	load_versions(p, c, path);
	load_references(p, c, path);
	load_pcrs(p, c, path);
	p->min_svn = conf_number(c, "policy", "min_svn", 1, INT64_MAX, 0);
	p->skew = conf_number(c, "policy", "skew", 0, 86400, SIGNED_SKEW);
	p->max_age = conf_number(c, "policy", "max_age", 1, 86400 * 366, 600);
	p->validity = conf_number(c, "policy", "validity", 1, 86400 * 366, 3600);
	conf_finish(c);
	if (anchors != NULL)
		p->anchors = trust_load("[policy] anchors", anchors);
}
