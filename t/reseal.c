/* SPDX-License-Identifier: Apache-2.0 */
/* reseal STORE - seals a TRE's store, as it is, as if its own tools had left it so */
#include "base/cli.h"
#include "base/die.h"
#include "role/storagekey.h"
#include "role/trestore.h"

static const struct poptOption options[] = { CLI_END };

int
main(int argc, char *argv[])
{
	const char *path = *cli_start(argc, argv, options, "STORE", 1);
	struct store *s = trestore_open(path, false);
	struct fault f;

	store_begin(s);
	trestore_seal(s, storagekey_read(path, &(struct sealing_to){ 0 }));
	if (!store_run(s, &f, NULL, "INSERT INTO seal VALUES(1, x'')"
	    " ON CONFLICT DO UPDATE SET digest = x''"))
		die_fault(&f);
	store_commit(s);
	return STATUS_DONE;
}
