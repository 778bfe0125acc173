/* SPDX-License-Identifier: Apache-2.0 */
/* usim-wpa - be the SIM of a stock wpa_supplicant or eapol_test */
#include "base/cli.h"
#include "base/die.h"
#include "role/external_sim.h"
#include "wire/datagram.h"

static const char *path, *control;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	{ "control", 'c', POPT_ARG_STRING, &control, 0, "The control socket of an interface",
	  "PATH" },
	CLI_CLOCK,
	CLI_END
};

/* State first, then the answer; what the card refuses is said and answered. */
static void
serve(struct tre *t, struct text message, struct buf *reply)
{
	const struct stream_guard *guard = store_guard(t->store);
	struct fault f = { 0 }, undo;
	bool ok;

	if (!guard->before_item(guard->state, &f))
		die_fault(&f);
	ok = external_sim_answer(t, message, cli_clock(), reply, &f);
	if (f.status != STATUS_DONE)
		warn_fault(&f);
	if (!ok)
		reply->n = 0;
	if ((!ok && !guard->undo_item(guard->state, &undo)) || f.status == STATUS_WORLD ||
	    !guard->before_leaving(guard->state, &undo))
		die_fault(f.status == STATUS_WORLD ? &f : &undo);
}

static bool
is_farewell(struct text message)
{
	static const char mark[] = "CTRL-EVENT-TERMINATING";

	return memmem(message.p, message.n, mark, sizeof mark - 1) != NULL;
}

int
main(int argc, char *argv[])
{
	struct tre t = { 0 };
	struct buf reply = { 0 };
	struct text message;
	int fd;

	cli_start(argc, argv, options, "[OPTION...]", 0);
	cli_require(control, "--control");
	tre_open(&t, path);
	fd = datagram_connect("--control", control);
	datagram_send(fd, NULL, 0, text_bytes(text_of("ATTACH")));
	while ((message = datagram_receive(fd, NULL, NULL)).p != NULL && !is_farewell(message)) {
		serve(&t, message, &reply);
		if (reply.n > 0 && !datagram_send(fd, NULL, 0, buf_bytes(&reply)))
			break;
		buf_wipe(&reply);
	}
	return STATUS_DONE;
}
