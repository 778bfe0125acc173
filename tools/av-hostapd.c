/* SPDX-License-Identifier: Apache-2.0 */
/* av-hostapd - be the authentication centre behind a stock hostapd */
#include <stdio.h>

#include "base/cli.h"
#include "base/die.h"
#include "msg/attach.h"
#include "role/icf.h"
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

static struct buf reply;

static void
add(struct text t)
{
	buf_add(&reply, text_bytes(t));
}

static void
add_hex(const char *before, struct bytes s)
{
	add(text_of(before));
	hex_add(&reply, s);
}

static void
put_umts(const struct av *av)
{
	add_hex(" ", av->rand);
	add_hex(" ", av->autn);
	add_hex(" ", av->ik);
	add_hex(" ", av->ck);
	add_hex(" ", av->xres);
}

static void
put_gsm(const struct av *av)
{
	add_hex(" ", av->kc);
	add_hex(":", av->sres);
	add_hex(":", av->rand);
}

/* AKA-REQ-AUTH <imsi>; SIM-REQ-AUTH <imsi> <count> */
static bool
request(struct store *s, bool sim, struct text rest, struct fault *f)
{
	struct text count, imsi = { 0 };
	struct av_request a = {
		.kind = sim ? AV_GSM : AV_UMTS, .count = 1, .plmn = text_of("hostapd"),
	};

	datagram_word(&rest, " ", &imsi);
	a.identity = imsi;
	if (sim && datagram_word(&rest, " ", &count) && count.n == 1 && count.p[0] >= '1' &&
	    count.p[0] <= '5')
		a.count = (uint64_t)(count.p[0] - '0');
	reply.n = 0;
	add(text_of(sim ? "SIM-RESP-AUTH " : "AKA-RESP-AUTH "));
	add(imsi);
	return icf_answer(s, &a, text_bytes(imsi), cli_clock(), ICF_AMF_AS_PROVISIONED,
	    sim ? put_gsm : put_umts, f);
}

/* AKA-AUTS <imsi> <AUTS> <RAND>: no reply; the next request is answered above it. */
static bool
resynchronise(struct store *s, struct text rest, struct fault *f)
{
	static struct buf auts, rand;
	struct text imsi, auts_digits, rand_digits;

	reply.n = auts.n = rand.n = 0;
	if (!datagram_word(&rest, " ", &imsi) || !datagram_word(&rest, " ", &auts_digits) ||
	    !datagram_word(&rest, " ", &rand_digits) || !hex_read(&auts, auts_digits) ||
	    !hex_read(&rand, rand_digits) || auts.n != AKA_AUTS || rand.n != AKA_RAND)
		return fault_request(f, "AKA-AUTS", "needs an identity, AUTS and RAND");
	return icf_resync(s, imsi, buf_bytes(&rand), buf_bytes(&auts), cli_clock(), f);
}

static bool
handle(struct store *s, struct text message, struct fault *f)
{
	struct text word = { 0 };

	reply.n = 0;
	datagram_word(&message, " ", &word);
	if (text_is(word, "AKA-REQ-AUTH") || text_is(word, "SIM-REQ-AUTH"))
		return request(s, text_is(word, "SIM-REQ-AUTH"), message, f);
	if (text_is(word, "AKA-AUTS"))
		return resynchronise(s, message, f);
	return fault_request(f, NULL, "'%.*s' is no request of hostapd's",
	    (int)(word.n < 20 ? word.n : 20), word.p);
}

/* "... FAILURE" after what the reply begins with: both words of it. */
static void
fail_reply(void)
{
	size_t spaces = 0;

	for (size_t i = 0; i < reply.n; i++)
		if (reply.p[i] == ' ' && ++spaces == 2)
			reply.n = i;
	if (reply.n > 0)
		add(text_of(" FAILURE"));
}

/* One request: state first, then the answer. */
static void
serve(struct store *s, const struct stream_guard *guard, struct text message)
{
	struct fault f = { 0 }, undo;

	if (!guard->before_item(guard->state, &f))
		die_fault(&f);
	if (!handle(s, message, &f)) {
		warn_fault(&f);
		if (f.status == STATUS_WORLD || !guard->undo_item(guard->state, &undo))
			die_fault(&f);
		fail_reply();
	}
	if (!guard->before_leaving(guard->state, &f))
		die_fault(&f);
}

int
main(int argc, char *argv[])
{
	struct sockaddr_un from;
	socklen_t from_n;
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
		serve(s, store_guard(s), message);
		if (reply.n > 0)
			datagram_send(fd, &from, from_n, buf_bytes(&reply));
		buf_wipe(&reply);
	}
}
