/* SPDX-License-Identifier: Apache-2.0 */
/* What plc-sign is told of the state a platform is expected to be in. */
#include "base/die.h"
#include "base/plain.h"
#include "crypto/conf.h"
#include "msg/evidence.h"
#include "role/m2mes.h"

/* An empty text would be left out, and evidence not compared with it. */
static struct text
load_text(struct conf *c, const char *name)
{
	struct text t = text_of(conf_require(c, "state", name));

	if (t.n == 0 || !text_plain(t))
		conf_wrong(c, "state", name,
		    "needs 1 byte or more of UTF-8, no control characters");
	return t;
}

static bool
load_class(struct conf *c)
{
	const char *word = conf_text(c, "state", "tre_class");
	uint64_t class = word == NULL ? TRE_SOFTWARE : choice_of(&tre_classes, text_of(word));

	if (class == 0)
		conf_wrong(c, "state", "tre_class", "needs software or tpm, has '%s'", word);
	return class == TRE_TPM;
}

void
m2mes_load_state(const char *path, struct tcb *tcb)
{
	static uint8_t digests[FWIDS_MAX][32];
	struct conf *c = conf_load(path);
	const char *name, *digest;

	tcb->vendor = load_text(c, "vendor");
	tcb->model = load_text(c, "model");
	tcb->version = load_text(c, "version");
	tcb->svn_stated = conf_text(c, "state", "svn") != NULL;
	tcb->svn = conf_number(c, "state", "svn", 0, INT64_MAX, 0);
	tcb->debug = conf_number(c, "state", "debug", 0, 1, 0) == 1;
	tcb->tpm = load_class(c);
	for (; conf_each(c, "fwids", tcb->fwids, &name, &digest); tcb->fwids++) {
		if (tcb->fwids == FWIDS_MAX)
			die_request("%s: [fwids]: needs up to %d digests", path, FWIDS_MAX);
		conf_hex(c, "fwids", name, digests[tcb->fwids], sizeof digests[0]);
		tcb->fwid[tcb->fwids] = BYTES(digests[tcb->fwids]);
	}
	conf_finish(c);
}
