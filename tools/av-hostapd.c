/* SPDX-License-Identifier: Apache-2.0 */
/* av-hostapd - be the authentication centre behind a stock hostapd */
#include "base/cli.h"
#include "base/die.h"
#include "role/eap_sim_db.h"
#include "role/ledger.h"
#include "wire/datagram.h"

static const char *ledger, *socket_path;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The ledger with the identities", "FILE" },
	{ "socket", 's', POPT_ARG_STRING, &socket_path, 0,
	  "What eap_sim_db=unix: of hostapd.conf names", "PATH" },
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_END
};

/* One request: state first, then the answer. */
static void
serve(struct store *s, struct text message, struct buf *reply)
{
	const struct stream_guard *guard = store_guard(s);
	struct fault f = { 0 }, undo;

	if (!guard->before_item(guard->state, &f))
		die_fault(&f);
	if (!eap_sim_db_answer(s, message, cli_clock(), reply, &f)) {
		warn_fault(&f);
		if (f.status == STATUS_WORLD || !guard->undo_item(guard->state, &undo))
			die_fault(&f);
	}
	if (!guard->before_leaving(guard->state, &f))
		die_fault(&f);
}

int
main(int argc, char *argv[])
{
	struct sockaddr_un from;
	socklen_t from_n;
	struct buf reply = { 0 };
	struct text message;
	struct store *s;
	int fd;

	cli_start(argc, argv, options, "[OPTION...]", 0);
	cli_require(socket_path, "--socket");
	s = ledger_open(ledger);
	fd = datagram_serve("--socket", socket_path);
	for (;;) {
		from_n = sizeof from;
		message = datagram_receive(fd, &from, &from_n);
		if (message.p == NULL)
			return STATUS_DONE;
		die_item++;
		serve(s, message, &reply);
		if (reply.n > 0)
			datagram_send(fd, &from, from_n, buf_bytes(&reply));
		buf_wipe(&reply);
	}
}
