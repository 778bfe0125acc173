/* SPDX-License-Identifier: Apache-2.0 */
/* external_sim.c - see external_sim.h */
#include "role/external_sim.h"

#include "crypto/secret.h"
#include "role/usim.h"
#include "wire/datagram.h"

static void
add(struct buf *reply, const char *before, struct bytes s)
{
	buf_add(reply, text_bytes(text_of(before)));
	hex_add(reply, s);
}

/*
 * Challenge and response by way of the TRE; false: the
 * card refused, *r says how, or *f is not answered.
 */
static bool
ask(struct tre *t, struct bytes rand, struct bytes autn, uint64_t now, struct vector *v,
    uint8_t auts[static AKA_AUTS], struct auth_response *r, struct fault *f)
{
	struct challenge c = {
		.rand = rand, .autn = autn, .kind = autn.p != NULL ? AV_UMTS : AV_GSM,
	};
	static char identity[20];
	struct text who;

	if (!application_attaching(t, ATTACH_BEST, now, &who, f) ||
	    !text_copy(who, identity, sizeof identity))
		return false;
	c.identity = text_of(identity);
	return usim_auth(t, &c, now, v, auts, r, f);
}

/* UMTS-AUTH:RAND:AUTN */
static bool
answer_umts(struct tre *t, struct text rest, uint64_t now, struct buf *reply, struct fault *f)
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
	if (ask(t, buf_bytes(&rand), buf_bytes(&autn), now, &v, auts, &r, f)) {
		add(reply, "UMTS-AUTH:", BYTES(v.aka.ik));
		add(reply, ":", BYTES(v.aka.ck));
		add(reply, ":", r.res);
	} else if (f->answered && r.auts.p != NULL)
		add(reply, "UMTS-AUTS:", r.auts);
	else
		add(reply, "UMTS-FAIL", (struct bytes){ 0 });
	secret_wipe(&v, sizeof v);
	return f->status == STATUS_DONE || f->answered;
}

/* One RAND of GSM-AUTH: ":Kc:SRES" */
static bool
answer_rand(struct tre *t, struct text digits, uint64_t now, struct buf *reply, struct fault *f)
{
	static struct buf rand;
	struct auth_response r;
	uint8_t auts[AKA_AUTS], kc[8];
	struct vector v;
	bool ok;

	rand.n = 0;
	if (!hex_read(&rand, digits) || rand.n != AKA_RAND)
		return fault_request(f, "GSM-AUTH", "needs RANDs");
	ok = ask(t, buf_bytes(&rand), (struct bytes){ 0 }, now, &v, auts, &r, f);
	if (ok) {
		vector_kc(v.aka.ck, v.aka.ik, kc);
		add(reply, ":", BYTES(kc));
		add(reply, ":", r.res);
	}
	secret_wipe(&v, sizeof v);
	secret_wipe(kc, sizeof kc);
	return ok;
}

/* GSM-AUTH:RAND:RAND[:RAND] */
static bool
answer_gsm(struct tre *t, struct text rest, uint64_t now, struct buf *reply, struct fault *f)
{
	struct text digits;

	add(reply, "GSM-AUTH", (struct bytes){ 0 });
	while (datagram_word(&rest, ":", &digits))
		if (!answer_rand(t, digits, now, reply, f))
			return false;
	return true;
}

bool
external_sim_answer(struct tre *t, struct text message, uint64_t now, struct buf *reply,
    struct fault *f)
{
	static const char mark[] = "CTRL-REQ-SIM-";
	const uint8_t *start = memmem(message.p, message.n, mark, sizeof mark - 1);
	struct text rest, network, kind, body;

	reply->n = 0;
	if (start == NULL)
		return true;
	start += sizeof mark - 1;
	rest = (struct text){ start, message.n - (size_t)(start - message.p) };
	if (!datagram_word(&rest, ":", &network) || !datagram_word(&rest, " ", &body) ||
	    !datagram_word(&body, ":", &kind))
		return fault_request(f, "CTRL-REQ-SIM", "needs a network and a request");
	buf_add(reply, text_bytes(text_of("CTRL-RSP-SIM-")));
	buf_add(reply, text_bytes(network));
	add(reply, ":", (struct bytes){ 0 });
	if (text_is(kind, "UMTS-AUTH"))
		return answer_umts(t, body, now, reply, f);
	if (text_is(kind, "GSM-AUTH"))
		return answer_gsm(t, body, now, reply, f);
	return fault_request(f, "CTRL-REQ-SIM", "'%.*s' is no request to a SIM",
	    (int)(kind.n < 20 ? kind.n : 20), kind.p);
}
