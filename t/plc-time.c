/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plc-time - nanoseconds to read a request and to issue its platform credential, and for the
 * signatures alone
 */
#include "base/die.h"
#include "base/when.h"
#include "crypto/pemfile.h"
#include "crypto/plc.h"
#include "crypto/sign.h"
#include "timing.h"
#include "wire/record.h"

static EVP_PKEY *platform, *ca;
static struct plc_form form;
static struct csr csr;
static struct buf request;

static void
sign(void)
{
	static uint8_t message[500], signature[SIGNATURE];

	message[0]++;
	sign_make(ca, BYTES(message), signature);
}

static void
issue(void)
{
	static struct buf plc;
	uint8_t serial[PLC_SERIAL];

	plc.n = 0;
	plc_draw_serial(serial);
	plc_issue(&form, &csr, serial, &plc);
}

static void
verify(void)
{
	static uint8_t message[200], signature[SIGNATURE];
	static bool made;

	if (!made)
		sign_make(platform, BYTES(message), signature);
	made = true;
	if (!sign_check(platform, ALG_ES256, BYTES(message), BYTES(signature)))
		die_world("a signature does not verify");
}

static void
read_request(void)
{
	struct csr again;
	struct fault f;

	if (!csr_read(buf_bytes(&request), &again, &f))
		die_fault(&f);
}

int
main(int argc, char *argv[])
{
	static const struct technique techniques[] = {
		{ "sign", sign, 1 }, { "issue", issue, 1 }, { "verify", verify, 1 }, { "read",
		    read_request, 1 },
	};
	static const uint8_t ueid[17] = { 1 }, fwid[32] = { 2 };
	struct tcb tcb = { .vendor = text_of("Example"), .fwid = { BYTES(fwid) }, .fwids = 1 };
	struct plc_issuer issuer;
	struct bytes der;
	struct fault f;

	if (argc != 3)
		die_request("needs a CA's key and certificate");
	issuer.key = ca = key_private("KEY", argv[1]);
	pemfile_certificates("CERT", argv[2], &der, 1);
	if (!cert_read(der, &issuer.cert, "CERT", &f))
		die_fault(&f);
	plc_form(&form, &issuer, &tcb, NULL, 0, WHEN_MAX);
	platform = key_new();
	csr_make(platform, "M2ME-0001", BYTES(ueid), &request);
	if (!csr_read(buf_bytes(&request), &csr, &f))
		die_fault(&f);
	time_in_turn(techniques, COUNT(techniques));
	return fflush(stdout) == 0 ? 0 : 3;
}
