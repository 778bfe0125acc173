/* SPDX-License-Identifier: Apache-2.0 */
/* eap_sim_db.c - see eap_sim_db.h */
#include "role/eap_sim_db.h"

#include "msg/attach.h"
#include "role/icf.h"
#include "wire/datagram.h"

static struct buf *reply;	/* icf_answer() hands a vector over, and nothing else */

static void
add(struct text t)
{
	buf_add(reply, text_bytes(t));
}

static void
add_hex(const char *before, struct bytes s)
{
	add(text_of(before));
	hex_add(reply, s);
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
request(struct store *s, bool sim, struct text rest, uint64_t now, struct fault *f)
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
	add(text_of(sim ? "SIM-RESP-AUTH " : "AKA-RESP-AUTH "));
	add(imsi);
	return icf_answer(s, &a, text_bytes(imsi), now, ICF_AMF_AS_PROVISIONED,
	    sim ? put_gsm : put_umts, f);
}

/* AKA-AUTS <imsi> <AUTS> <RAND>: no reply; the next request is answered above it. */
static bool
resynchronise(struct store *s, struct text rest, uint64_t now, struct fault *f)
{
	static struct buf auts, rand;
	struct text imsi, auts_digits, rand_digits;

	auts.n = rand.n = 0;
	if (!datagram_word(&rest, " ", &imsi) || !datagram_word(&rest, " ", &auts_digits) ||
	    !datagram_word(&rest, " ", &rand_digits) || !hex_read(&auts, auts_digits) ||
	    !hex_read(&rand, rand_digits) || auts.n != AKA_AUTS || rand.n != AKA_RAND)
		return fault_request(f, "AKA-AUTS", "needs an identity, AUTS and RAND");
	return icf_resync(s, imsi, buf_bytes(&rand), buf_bytes(&auts), now, f);
}

static bool
handle(struct store *s, struct text message, uint64_t now, struct fault *f)
{
	struct text word = { 0 };

	datagram_word(&message, " ", &word);
	if (text_is(word, "AKA-REQ-AUTH") || text_is(word, "SIM-REQ-AUTH"))
		return request(s, text_is(word, "SIM-REQ-AUTH"), message, now, f);
	if (text_is(word, "AKA-AUTS"))
		return resynchronise(s, message, now, f);
	return fault_request(f, NULL, "'%.*s' is no request of hostapd's",
	    (int)(word.n < 20 ? word.n : 20), word.p);
}

/* "... FAILURE" after what the reply begins with: both words of it. */
static void
fail_reply(void)
{
	size_t spaces = 0;

	for (size_t i = 0; i < reply->n; i++)
		if (reply->p[i] == ' ' && ++spaces == 2)
			reply->n = i;
	if (reply->n > 0)
		add(text_of(" FAILURE"));
}

bool
eap_sim_db_answer(struct store *s, struct text message, uint64_t now, struct buf *out,
    struct fault *f)
{
	bool ok;

	reply = out;
	reply->n = 0;
	ok = handle(s, message, now, f);
	if (!ok)
		fail_reply();
	reply = NULL;
	return ok;
}
