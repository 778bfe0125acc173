/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ocsp-vector TIME CERTIFICATE ISSUER RESPONSE - "good", or the reason word, as pva-verify would
 * have it; files in DER
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "crypto/status.h"

static struct cert
load(const char *path)
{
	static uint8_t der[4096];
	FILE *file = fopen(path, "rb");
	size_t n = file != NULL ? fread(der, 1, sizeof der, file) : 0;
	struct cert c;
	struct fault f;

	if (file == NULL || fclose(file) != 0)
		die_errno("cannot read '%s'", path);
	if (!cert_read((struct bytes){ der, n }, &c, path, &f))
		die_fault(&f);
	return c;
}

int
main(int argc, char *argv[])
{
	struct cert cert, issuer;
	struct fault f;

	if (argc != 5)
		die_request("needs TIME CERTIFICATE ISSUER RESPONSE");
	cert = load(argv[2]);
	issuer = load(argv[3]);
	if (status_check(status_load(NULL, argv[4], 300), cert.x, issuer.x, strtoull(argv[1], NULL,
	    10), "plc", &f))
		puts("good");
	else
		printf("[%s]\n", f.reason);
	return fflush(stdout) == 0 ? 0 : 3;
}
