/* SPDX-License-Identifier: Apache-2.0 */
/* drf-set - say which operator the PCIDs of a range belong to */
#include "base/cli.h"
#include "base/die.h"
#include "crypto/conf.h"
#include "role/drf.h"
#include "role/ledger.h"

static const char *ledger;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The registration operator's ledger", "FILE" },
	CLI_END
};

/* [drf] maps leading digits to a section, which names the operator and who serves it. */
static struct drf_entry
read_entry(struct conf *c, const char *path, const char *prefix, const char *section)
{
	if (strspn(prefix, "0123456789") != strlen(prefix))
		die_request("%s: [drf] %s: needs leading digits of PCIDs", path, prefix);
	return (struct drf_entry){
		.prefix = text_of(prefix),
		.sho = text_of(conf_require(c, section, "sho")),
		.sho_address = text_of(conf_text(c, section, "sho_address")),
		.dpf = text_of(conf_require(c, section, "dpf")),
		.dpf_address = text_of(conf_text(c, section, "dpf_address")),
		.pva = text_of(conf_require(c, section, "pva")),
		.pva_address = text_of(conf_text(c, section, "pva_address")),
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

	cli_require(ledger, "--ledger");
	cli_require(*file, "TABLE");
	c = conf_load(*file);
	s = ledger_open(ledger);
	store_begin(s);
	for (size_t i = 0; conf_each(c, "drf", i, &prefix, &section); i++) {
		e = read_entry(c, *file, prefix, section);
		if (!drf_set(s, &e, &f))
			die_fault(&f);
	}
	conf_finish(c);
	store_commit(s);
	return STATUS_DONE;
}
