/* SPDX-License-Identifier: Apache-2.0 */
/* usim-wpa - be the SIM of a stock wpa_supplicant or eapol_test */
#include "base/cli.h"
#include "base/die.h"
#include "crypto/secret.h"
#include "role/usim.h"
#include "wire/datagram.h"

static const char *path, *control;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	{ "control", 'c', POPT_ARG_STRING, &control, 0, "The control socket of an interface",
	  "PATH" },
	CLI_CLOCK,
	CLI_END
};

static struct buf reply;

static void
add(const char *before, struct bytes s)
{
	buf_add(&reply, text_bytes(text_of(before)));
	hex_add(&reply, s);
}

/*
 * Challenge and response by way of the TRE; false: the
 * card refused, *r says how, or *f is not answered.
 */
static bool
ask(struct tre *t, struct bytes rand, struct bytes autn, struct vector *v,
    uint8_t auts[static AKA_AUTS], struct auth_response *r, struct fault *f)
{
	struct challenge c = {
		.rand = rand, .autn = autn, .kind = autn.p != NULL ? AV_UMTS : AV_GSM,
	};
	static char identity[20];
	struct text who;

	if (!application_attaching(t, cli_clock(), &who, f) ||
	    !text_copy(who, identity, sizeof identity))
		return false;
	c.identity = text_of(identity);
	return usim_auth(t, &c, cli_clock(), v, auts, r, f);
}

/* UMTS-AUTH:RAND:AUTN */
static bool
answer_umts(struct tre *t, struct text rest, struct fault *f)
{
	static struct buf rand, autn;
	struct text rand_digits, autn_digits;
	uint8_t auts[AKA_AUTS];
	struct auth_response r = { 0 };
	struct vector v;

	rand.n = autn.n = 0;
	if (!datagram_word(&rest, ":", &rand_digits) || !datagram_word(&rest, ": ", &autn_digits) ||
	    !hex_read(&rand, rand_digits) || !hex_read(&autn, autn_digits) || rand.n != AKA_RAND ||
	    autn.n != AKA_AUTN)
		return fault_request(f, "UMTS-AUTH", "needs RAND and AUTN");
	if (ask(t, buf_bytes(&rand), buf_bytes(&autn), &v, auts, &r, f)) {
		add("UMTS-AUTH:", BYTES(v.aka.ik));
		add(":", BYTES(v.aka.ck));
		add(":", r.res);
	} else if (f->answered && r.auts.p != NULL)
		add("UMTS-AUTS:", r.auts);
	else
		add("UMTS-FAIL", (struct bytes){ 0 });
	secret_wipe(&v, sizeof v);
	return f->status == STATUS_DONE || f->answered;
}

/* GSM-AUTH:RAND:RAND[:RAND] */
static bool
answer_gsm(struct tre *t, struct text rest, struct fault *f)
{
	static struct buf rand;
	struct auth_response r;
	uint8_t auts[AKA_AUTS], kc[8];
	struct text digits;
	struct vector v;

	add("GSM-AUTH", (struct bytes){ 0 });
	while (datagram_word(&rest, ":", &digits)) {
		rand.n = 0;
		if (!hex_read(&rand, digits) || rand.n != AKA_RAND)
			return fault_request(f, "GSM-AUTH", "needs RANDs");
		if (!ask(t, buf_bytes(&rand), (struct bytes){ 0 }, &v, auts, &r, f))
			return false;
		vector_kc(v.aka.ck, v.aka.ik, kc);
		add(":", BYTES(kc));
		add(":", r.res);
	}
	secret_wipe(&v, sizeof v);
	secret_wipe(kc, sizeof kc);
	return true;
}

/* "<3>CTRL-REQ-SIM-0:UMTS-AUTH:... needed for SSID x"; anything else is of no concern. */
static bool
handle(struct tre *t, struct text message, struct fault *f)
{
	static const char mark[] = "CTRL-REQ-SIM-";
	const uint8_t *start = memmem(message.p, message.n, mark, sizeof mark - 1);
	struct text rest, network, kind, body;

	reply.n = 0;
	if (start == NULL)
		return true;
	start += sizeof mark - 1;
	rest = (struct text){ start, message.n - (size_t)(start - message.p) };
	if (!datagram_word(&rest, ":", &network) || !datagram_word(&rest, " ", &body) ||
	    !datagram_word(&body, ":", &kind))
		return fault_request(f, "CTRL-REQ-SIM", "needs a network and a request");
	buf_add(&reply, text_bytes(text_of("CTRL-RSP-SIM-")));
	buf_add(&reply, text_bytes(network));
	add(":", (struct bytes){ 0 });
	if (text_is(kind, "UMTS-AUTH"))
		return answer_umts(t, body, f);
	if (text_is(kind, "GSM-AUTH"))
		return answer_gsm(t, body, f);
	return fault_request(f, "CTRL-REQ-SIM", "'%.*s' is no request to a SIM",
	    (int)(kind.n < 20 ? kind.n : 20), kind.p);
}

/* State first, then the answer; what the card refuses is said and answered. */
static void
serve(struct tre *t, struct text message)
{
	const struct stream_guard *guard = store_guard(t->store);
	struct fault f = { 0 }, undo;
	bool ok;

	if (!guard->before_item(guard->state, &f))
		die_fault(&f);
	ok = handle(t, message, &f);
	if (f.status != STATUS_DONE)
		warn_fault(&f);
	if (!ok)
		reply.n = 0;
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
	struct text message;
	int fd;

	cli_start(argc, argv, options, "[OPTION...]", 0);
	cli_require(control, "--control");
	tre_open(&t, path);
	fd = datagram_connect("--control", control);
	datagram_send(fd, NULL, 0, text_bytes(text_of("ATTACH")));
	while ((message = datagram_receive(fd, NULL, NULL)).p != NULL && !is_farewell(message)) {
		serve(&t, message);
		if (reply.n > 0 && !datagram_send(fd, NULL, 0, buf_bytes(&reply)))
			break;
		buf_wipe(&reply);
	}
	return STATUS_DONE;
}
