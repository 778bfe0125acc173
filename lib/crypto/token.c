/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/token.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <stdio.h>

#include "base/die.h"
#include "crypto/openssl.h"
#include "crypto/keyfile.h"
#include "crypto/pkcs11.h"
#include "crypto/secret.h"
#include "crypto/tpm.h"

#define PKCS11 "pkcs11"

const char *
token_properties(const EVP_PKEY *key)
{
	static char query[64];
	const OSSL_PROVIDER *provider = EVP_PKEY_get0_provider(key);
	const char *name = provider != NULL ? OSSL_PROVIDER_get0_name(provider) : "default";

	if (strcmp(name, "default") == 0 || strcmp(name, OPENSSL_PROVIDER) == 0)
		return NULL;
	snprintf(query, sizeof query, "?provider=%s", name);
	return query;
}

/* The first of the errors: the others only say what could not be done for it. */
const char *
token_said(const char *otherwise)
{
	static char said[160];
	const char *data, *text = NULL;
	int flags;
	unsigned long error;

	while ((error = ERR_get_error_all(NULL, NULL, NULL, &data, &flags)) != 0) {
		if (text != NULL)
			continue;
		text = flags & ERR_TXT_STRING ? data + strspn(data, "0123456789 ") : "";
		if (*text == '\0')
			text = ERR_reason_error_string(error);
		if (text != NULL)
			snprintf(said, sizeof said, "%.*s", (int)strcspn(text, "\n"), text);
	}
	return text != NULL ? said : otherwise;
}

/* --- PIN -------------------------------------------------------------------- */

static char *pin;		/* NULL: none was given */
static bool asked;

/* For UI_UTIL_wrap_read_pem_callback(): answers the length, 0 for none. */
static int
answer(char *to, int size, int write, void *none)
{
	size_t n = pin != NULL ? strlen(pin) : 0;

	(void)write, (void)none;
	asked = true;
	if (n > (size_t)size)
		return -1;
	if (n > 0)
		memcpy(to, pin, n);
	return (int)n;
}

static UI_METHOD *
asking(void)
{
	static UI_METHOD *ui;

	if (ui == NULL && (ui = UI_UTIL_wrap_read_pem_callback(answer, 0)) == NULL)
		die_world("no memory");
	asked = false;
	return ui;
}

/* One line of a file. */
static void
read_pin(const char *option, const char *uri)
{
	struct buf line = { 0 };

	keyfile_read(option, uri, PIN_MAX + 2, &line);
	if (line.n > 0 && line.p[line.n - 1] == '\n')
		line.n--;
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	pin = (char *)secret_new(PIN_MAX + 1);
	if (line.n == 0 || !text_copy((struct text){ line.p, line.n }, pin, PIN_MAX + 1) ||
	    strchr(pin, '\n') != NULL) {
		buf_free(&line);
		die_world("%s: '%s' holds no PIN: needs one line of 1 to %d bytes", option, uri, PIN_MAX);
	}
	buf_free(&line);
}

static void
take_pin(void)
{
	if (key_pin != NULL && pin == NULL)
		read_pin("--pin", key_pin);
}

/* missing: what it means that the token's library finds nothing. */
static _Noreturn void
die_of_key(const char *option, const char *name, const char *missing)
{
	const char *said = token_said(missing);

	if (asked && pin == NULL)
		die_world("%s: '%s' needs a PIN; see --pin", option, name);
	die_world("%s: '%s' cannot be used: %s", option, name,
	    strcmp(said, "object not found") == 0 ? missing : said);
}

/* --- providers --------------------------------------------------------------- */

/* The default one comes first, or the other takes over what it knows of digests and ciphers. */
static bool
load_provider(const char *name)
{
	openssl_load_all();
	return OSSL_PROVIDER_load(NULL, name) != NULL;
}

static EVP_PKEY *
from_store(const char *uri)
{
	OSSL_STORE_CTX *store = OSSL_STORE_open(uri, asking(), NULL, NULL, NULL);
	OSSL_STORE_INFO *info;
	EVP_PKEY *key = NULL;

	if (store == NULL)
		return NULL;
	OSSL_STORE_expect(store, OSSL_STORE_INFO_PKEY);
	while (key == NULL && !OSSL_STORE_eof(store))
		if ((info = OSSL_STORE_load(store)) != NULL) {
			key = OSSL_STORE_INFO_get1_PKEY(info);
			OSSL_STORE_INFO_free(info);
		}
	OSSL_STORE_close(store);
	return key;
}

/* --- PKCS#11 ----------------------------------------------------------------- */

EVP_PKEY *
token_pkcs11(const char *option, const char *uri)
{
	struct pkcs11 p;
	EVP_PKEY *key;

	pkcs11_parse(option, uri, &p);
	if (p.pin_source != NULL && key_pin != NULL)
		die_request("--pin: '%s' has a pin-source already", p.object);
	if (p.pin_source != NULL)
		read_pin(option, p.pin_source);
	take_pin();
	pkcs11_module(option, &p);
	if (load_provider(PKCS11))
		key = from_store(p.object);
	else if (ERR_clear_error(), pkcs11_engine_starts(&p))
		key = pkcs11_engine_key(&p, asking());
	else
		die_world("%s: OpenSSL has neither a provider nor an engine " PKCS11 ": %s", option,
		    token_said("not there"));
	if (key == NULL)	/* a PIN is asked for when one token fits */
		die_of_key(option, p.object, asked ? "the token has no such key" :
		    "not one token fits, or it has no such key");
	return key;
}

/* --- TPM --------------------------------------------------------------------- */

EVP_PKEY *
token_tpm_handle(const char *option, const char *uri)
{
	take_pin();
	return tpm_key_of_handle(option, uri, pin);
}

EVP_PKEY *
token_tpm_block(const char *option, const char *name, struct bytes der)
{
	take_pin();
	return tpm_key_of_block(option, name, der, pin);
}
