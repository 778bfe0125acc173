/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/die.h"
#include "crypto/openssl.h"
#include "crypto/secret.h"
#include "crypto/token.h"
#include "crypto/tpm.h"

enum { FILE_MAX = 64 * 1024 };

size_t
keyfile_scheme(const char *uri)
{
	size_t n = strspn(uri, "abcdefghijklmnopqrstuvwxyz0123456789+.-");

	return uri[n] == ':' && *uri >= 'a' && *uri <= 'z' ? n : 0;
}

/* What is no regular file, such as a pipe, has no mode that would say who can read what comes. */
static int
open_file(const char *option, const char *uri, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char why[SECRET_WHY];
	struct stat st;

	if (fd != -1 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && !secret_file_fits(&st, why))
		die_world("%s: cannot use '%s': %s", option, uri, why);
	return fd;
}

static int
open_uri(const char *option, const char *uri)
{
	size_t n = keyfile_scheme(uri);
	struct text scheme = { (const uint8_t *)uri, n };

	if (text_is(scheme, "fd"))
		return (int)cli_number(option, uri + n + 1, 0, INT_MAX, 0);
	if (n > 0 && !text_is(scheme, "file"))
		die_request("%s: unknown key scheme '%.*s'", option, (int)n, uri);
	return open_file(option, uri, n > 0 ? uri + n + 1 : uri);
}

/* False: see errno. */
static bool
read_all(int fd, size_t most, struct buf *out)
{
	ssize_t n;

	do {
		n = read(fd, buf_room(out, 4096), 4096);
		if (n > 0)
			out->n += (size_t)n;
		if (out->n > most) {
			errno = EFBIG;
			return false;
		}
	} while (n > 0 || (n == -1 && errno == EINTR));
	return n == 0;
}

static bool
ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

/* Of one PEM block; NULL and *why, or NULL alone when it is not a private key. */
static EVP_PKEY *
from_block(const char *label, const char *header, struct bytes der, const char **why)
{
	EVP_PKEY *key;

	if (!ends_in(label, "PRIVATE KEY"))
		return NULL;
	if (strcmp(label, "ENCRYPTED PRIVATE KEY") == 0 || *header != '\0') {
		*why = "is encrypted: needs a plain PEM key";
		return NULL;
	}
	key = key_from_der(der);
	if (key == NULL)
		*why = "holds neither a P-256 nor an Ed25519 key";
	return key;
}

/* The first private key; what stands before it (EC PARAMETERS, certificates) is passed over. */
static EVP_PKEY *
from_pem(const char *option, const char *uri, struct bytes pem, const char **why)
{
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n);
	char *label, *header;
	unsigned char *der;
	EVP_PKEY *key = NULL;
	long n;

	*why = NULL;
	while (key == NULL && *why == NULL) {
		/* "Secure" here: what it copies is wiped, even without a secure heap. */
		if (in == NULL ||
		    !PEM_read_bio_ex(in, &label, &header, &der, &n, PEM_FLAG_SECURE)) {
			*why = "holds no PEM private key";
			break;
		}
		key = strcmp(label, "TSS2 PRIVATE KEY") == 0 ?
		    token_tpm_block(option, uri, (struct bytes){ der, (size_t)n }) :
		    from_block(label, header, (struct bytes){ der, (size_t)n }, why);
		OPENSSL_secure_clear_free(label, strlen(label) + 1);
		OPENSSL_secure_clear_free(header, strlen(header) + 1);
		OPENSSL_secure_clear_free(der, (size_t)n);
	}
	ERR_clear_error();
	BIO_free(in);
	return key;
}

void
keyfile_read(const char *option, const char *uri, size_t most, struct buf *out)
{
	int fd = open_uri(option, uri);

	if (fd == -1 || !read_all(fd, most, out)) {
		buf_wipe(out);
		die_errno("%s: cannot read '%s'", option, uri);
	}
	close(fd);
}

EVP_PKEY *
keyfile_key(const char *option, const char *uri)
{
	struct buf pem = { 0 };
	const char *why;
	EVP_PKEY *key;

	keyfile_read(option, uri, FILE_MAX, &pem);
	key = from_pem(option, uri, buf_bytes(&pem), &why);
	buf_free(&pem);
	if (key == NULL)
		die_world("%s: '%s' %s", option, uri, why);
	if (key_pin != NULL && !tpm_holds(key))
		die_request("--pin: '%s' is a key in a file, and has no PIN", uri);
	return key;
}
