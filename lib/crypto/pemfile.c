/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/pemfile.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>

#include "base/cli.h"
#include "base/die.h"
#include "crypto/openssl.h"
#include "crypto/x509.h"

static FILE *
open_pem(const char *option, const char *path)
{
	FILE *file = fopen(path, "re");

	if (file == NULL)
		die_errno("%s: cannot open '%s'", option, path);
	return file;
}

/* The next block of that kind, DER, to keep; false at the end. Dies of a malformed one. */
static bool
next_pem(FILE *file, const char *kind, const char *option, const char *path, struct bytes *der)
{
	char *label, *header;
	unsigned char *data;
	long n;
	bool found = false;

	while (!found && PEM_read(file, &label, &header, &data, &n) == 1) {
		found = strcmp(label, kind) == 0;
		*der = (struct bytes){ data, (size_t)n };
		if (!found)
			OPENSSL_clear_free(data, (size_t)n);	/* it may be a key */
		OPENSSL_free(label);
		OPENSSL_free(header);
	}
	if (ferror(file))
		die_errno("%s: cannot read '%s'", option, path);
	if (!found && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		die_request("%s: '%s': not PEM", option, path);
	ERR_clear_error();
	return found;
}

size_t
pemfile_certificates(const char *option, const char *path, struct bytes *ders, size_t most)
{
	FILE *file;
	struct bytes der;
	size_t n = 0;

	cli_require(path, option);
	file = open_pem(option, path);
	while (next_pem(file, PEM_STRING_X509, option, path, &der)) {
		uint8_t fingerprint[DIGEST_LEN];
		X509 *x = x509_parse(der, fingerprint);

		if (n == most)
			die_request("%s: '%s': needs 1..%zu certificates", option, path, most);
		if (x == NULL)
			die_request("%s: '%s': number %zu is not a certificate", option, path, n + 1);
		X509_free(x);
		ders[n++] = der;
	}
	if (n == 0)
		die_request("%s: '%s': holds no certificate", option, path);
	fclose(file);
	return n;
}

size_t
pemfile_lists(const char *option, const char *path, struct bytes *ders, size_t most)
{
	FILE *file = open_pem(option, path);
	struct bytes der;
	size_t n = 0;

	while (next_pem(file, PEM_STRING_X509_CRL, option, path, &der)) {
		if (n == most)
			die_request("%s: '%s': needs 1..%zu revocation lists", option, path, most);
		ders[n++] = der;
	}
	if (n == 0)
		die_request("%s: '%s': holds no revocation list", option, path);
	fclose(file);
	return n;
}
