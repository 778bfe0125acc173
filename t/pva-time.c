/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pva-time CAKEY CACERT KEY CERT TRUST POLICY REGISTRATION EVIDENCE - nanoseconds to judge evidence of
 * one device after the other, each with a PlC of its own, and for the signatures alone
 */
#include "base/cli.h"
#include "base/die.h"
#include "base/when.h"
#include "crypto/pemfile.h"
#include "crypto/plc.h"
#include "crypto/sign.h"
#include "role/pva.h"
#include "timing.h"
#include "wire/stream.h"

enum { DEVICES = 16, JUDGEMENTS = 200 };	/* more than a trust remembers; a round: some 300 us each */

static const struct poptOption options[] = { CLI_CLOCK, CLI_END };

static struct signer us;
static struct trust *anchors;
static struct policy policy;
static struct buf registration, evidence[DEVICES];

static void
need(bool ok, const struct fault *f)
{
	if (!ok)
		die_fault(f);
}

static void
judge(void)
{
	static size_t device;
	static struct buf verdict;
	struct pva_case c;
	struct findings found;
	struct cert plc;
	struct fault f;

	verdict.n = 0;
	c.plc = &plc;
	need(signed_open(buf_bytes(&registration), &registration_record, anchors, cli_clock(),
	    &c.registration, NULL, &f), &f);
	need(pva_asked(&c.registration, us.cert.name, cli_clock(), &f), &f);
	need(signed_open(buf_bytes(&evidence[device++ % DEVICES]), &evidence_record, anchors,
	    cli_clock(), &c.evidence, &plc, &f), &f);
	need(pva_answers(&c, &f), &f);
	need(pva_judge(&c, &policy, cli_clock(), &found, &f), &f);
	need(pva_verdict(&c, &policy, &found, &us, cli_clock(), &verdict, &f), &f);
	cert_free(&plc);
}

static uint8_t message[500], signature[SIGNATURE];

static void
sign(void)
{
	message[0]++;
	sign_make(us.key, BYTES(message), signature);
}

static void
verify(void)
{
	static uint8_t same[500], its[SIGNATURE];
	static bool made;

	if (!made)
		sign_make(us.key, BYTES(same), its);
	made = true;
	if (!sign_check(us.key, ALG_ES256, BYTES(same), BYTES(its)))
		die_world("a signature does not verify");
}

/* --- as many devices in the state of the one that we are given ------------------- */

static void
make_devices(const char *ca_key, const char *ca_cert, struct bytes template)
{
	static struct plc_form form;
	struct plc_issuer issuer = { .key = key_private("CAKEY", ca_key) };
	struct evidence e;
	struct cert plc;
	struct bytes der;
	struct plc state;
	struct fault f;

	pemfile_certificates("CACERT", ca_cert, &der, 1);
	need(cert_read(der, &issuer.cert, "CACERT", &f), &f);
	need(signed_open(template, &evidence_record, anchors, cli_clock(), &e, &plc, &f) &&
	    plc_of(&plc, &state, NULL, &f), &f);
	plc_form(&form, &issuer, &state.tcb, NULL, 0, WHEN_MAX);
	for (struct buf *out = evidence; out < evidence + DEVICES; out++) {
		struct signer device = { .key = key_new(), .chain.n = 1 };
		static struct buf request, made;
		uint8_t serial[PLC_SERIAL];
		struct csr csr;

		request.n = made.n = 0;
		csr_make(device.key, "M2ME-0001", (struct bytes){ state.ueid, state.ueid_n },
		    &request);
		need(csr_read(buf_bytes(&request), &csr, &f), &f);
		plc_draw_serial(serial);
		plc_issue(&form, &csr, serial, &made);
		device.chain.der[0] = buf_bytes(&made);
		signed_encode(&device, &evidence_record, &e, out);
	}
}

static bool
keep(const struct item *item, void *context, struct fault *f)
{
	(void)f;
	buf_add(context, item->bytes);
	return true;
}

int
main(int argc, char *argv[])
{
	static const struct technique techniques[] = {
		{ "sign", sign, 1 }, { "verify", verify, 1 }, { "judge", judge, 1 }
	};
	const char *const *names = cli_start(argc, argv, options,
	    "CAKEY CACERT KEY CERT TRUST POLICY REGISTRATION EVIDENCE", 8);
	static struct buf template;

	signer_load(&us, names[2], names[3], ROLE_PVA);
	anchors = trust_load("TRUST", names[4]);
	policy_load(&policy, names[5]);
	if (stream_run((const char *const[]){ names[6], NULL }, keep, &registration, NULL) != 0 ||
	    stream_run((const char *const[]){ names[7], NULL }, keep, &template, NULL) != 0)
		return 3;
	make_devices(names[0], names[1], buf_bytes(&template));
	time_calls_in_turn(techniques, COUNT(techniques), JUDGEMENTS);
	return fflush(stdout) == 0 ? 0 : 3;
}
