/* SPDX-License-Identifier: Apache-2.0 */
/* tre-outbox - send again what a TRE reported and nobody acknowledged */
#include "base/cli.h"
#include "base/die.h"
#include "crypto/digest.h"
#include "role/outbox.h"

static const char *path, *drop;
static int force;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	{ "drop", 'd', POPT_ARG_STRING, &drop, 0, "Send nothing; drop the one of that digest",
	  "HEX" },
	{ "force", 'f', POPT_ARG_NONE, &force, 0, "Drop it although it is not acknowledged", NULL },
	CLI_ARMOR,
	CLI_END
};

static char lost[LOST_BYTES];

static bool
send_all(const struct item *none, void *context, struct fault *f)
{
	(void)none;
	return outbox_send(context, f);
}

static bool
drop_one(const struct item *none, void *context, struct fault *f)
{
	static struct buf digest;

	(void)none;
	if (!hex_read(&digest, text_of(drop)) || digest.n != DIGEST_LEN)
		return fault_request(f, "--drop", "needs %d hex digits, has '%s'",
		    2 * DIGEST_LEN, drop);
	return outbox_drop(context, buf_bytes(&digest), force, lost, f);
}

int
main(int argc, char *argv[])
{
	struct tre t = { 0 };
	int status;

	cli_start(argc, argv, options, "[OPTION...]", 0);
	if (force && drop == NULL)
		die_request("--force: needs --drop");
	tre_open(&t, path);
	status = stream_once(drop != NULL ? drop_one : send_all, &t, store_guard(t.store));
	if (status == STATUS_DONE && *lost != '\0')
		warn("%s is lost", lost);
	return status;
}
