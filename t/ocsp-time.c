/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ocsp-time - nanoseconds to answer a request, from its bytes to the response's, and for the
 * signature alone
 */
#include "base/die.h"
#include "base/when.h"
#include "crypto/ocsp.h"
#include "crypto/pemfile.h"
#include "crypto/sign.h"
#include "timing.h"
#include "wire/record.h"

static struct responder r;
static uint8_t request[512];
static size_t request_n;

static void
sign(void)
{
	static uint8_t message[200], signature[SIGNATURE];

	message[0]++;
	sign_make(r.key, BYTES(message), signature);
}

static void
answer(void)
{
	static const struct revocation good = { .known = true };
	static struct ocsp_request q;
	static struct buf response;
	struct fault f;

	response.n = 0;
	if (!ocsp_read(&r, (struct bytes){ request, request_n }, &q, &f))
		die_fault(&f);
	ocsp_answer(&r, &q, &good, &response);
}

static struct cert
load(const char *path)
{
	struct bytes der;
	struct cert c;
	struct fault f;

	pemfile_certificates("CERT", path, &der, 1);
	if (!cert_read(der, &c, path, &f))
		die_fault(&f);
	return c;
}

/* KEY CERT ISSUER, and a request on standard input. */
int
main(int argc, char *argv[])
{
	static const struct technique techniques[] = { { "sign", sign, 1 }, { "answer", answer,
	    1 } };
	struct fault f;

	if (argc != 4)
		die_request("needs KEY CERT ISSUER");
	r.key = key_private("KEY", argv[1]);
	r.cert = load(argv[2]);
	r.issuer = load(argv[3]);
	r.this_update = r.cert.not_before;
	r.next_update = r.cert.not_after;
	if (!ocsp_open(&r, &f))
		die_fault(&f);
	request_n = fread(request, 1, sizeof request, stdin);
	time_in_turn(techniques, COUNT(techniques));
	return fflush(stdout) == 0 ? 0 : 3;
}
