/* SPDX-License-Identifier: Apache-2.0 */
/* drf-set - say which operator the PCIDs of a range belong to */
#include "base/cli.h"
#include "base/die.h"
#include "base/plain.h"
#include "crypto/conf.h"
#include "msg/claims.h"
#include "role/drf.h"
#include "role/ledger.h"

static const char *ledger;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The registration operator's ledger",
	  "FILE" },
	CLI_CLOCK,
	CLI_END
};

/* What a referral can carry: else it would be noticed only by who gets one. */
static struct text
checked(const struct conf *c, const char *section, const char *key, const char *value, size_t most)
{
	struct text t = text_of(value);

	if (value != NULL && (t.n == 0 || t.n > most || !text_plain(t)))
		conf_wrong(c, section, key, "needs 1 to %zu bytes of text", most);
	return t;
}

static struct text
name(struct conf *c, const char *section, const char *key)
{
	return checked(c, section, key, conf_require(c, section, key), NAME_BYTES);
}

static struct text
address(struct conf *c, const char *section, const char *key)
{
	return checked(c, section, key, conf_text(c, section, key), ADDRESS_BYTES);
}

/* [drf] maps leading digits to a section, which names the operator and who serves it. */
static struct drf_entry
read_entry(struct conf *c, const char *prefix, const char *section)
{
	if (strspn(prefix, "0123456789") != strlen(prefix))
		conf_wrong(c, "drf", prefix, "needs leading digits of PCIDs");
	return (struct drf_entry){
		.prefix = text_of(prefix),
		.sho = name(c, section, "sho"),
		.sho_address = address(c, section, "sho_address"),
		.dpf = name(c, section, "dpf"),
		.dpf_address = address(c, section, "dpf_address"),
		.pva = name(c, section, "pva"),
		.pva_address = address(c, section, "pva_address"),
		.since = cli_clock(),
	};
}

int
main(int argc, char *argv[])
{
	const char *const *file = cli_start(argc, argv, options, "[OPTION...] TABLE", 1);
	const char *prefix, *section;
	struct drf_entry e;
	struct store *s;
	struct conf *c;
	struct fault f;

	cli_require(*file, "TABLE");
	c = conf_load(*file);
	s = ledger_make(ledger);
	store_begin(s);
	for (size_t i = 0; conf_each(c, "drf", i, &prefix, &section); i++) {
		e = read_entry(c, prefix, section);
		if (!drf_set(s, &e, &f))
			die_fault(&f);
	}
	conf_finish(c);
	store_commit(s);
	return STATUS_DONE;
}
