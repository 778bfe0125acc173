/* SPDX-License-Identifier: Apache-2.0 */
/* moves TRE SHO MID N - moves that MID to the Nth of the states, as a tool would */
#include "base/cli.h"
#include "base/die.h"
#include "role/slot.h"

static const struct poptOption options[] = { CLI_END };

int
main(int argc, char *argv[])
{
	const char *const *args = cli_start(argc, argv, options, "TRE SHO MID N", 4);
	struct tre t = { 0 };
	struct slot s;
	struct fault f;

	tre_open(&t, args[0]);
	store_begin(t.store);
	if (!slot_find(&t, text_of(args[1]), text_of(args[2]), &s, &f) ||
	    !slot_move(&t, &s, cli_number("N", args[3], MID_CREATED, MID_DISCARDED, 0), &f))
		die_fault(&f);
	store_commit(t.store);
	return STATUS_DONE;
}
