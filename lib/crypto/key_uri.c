/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys by URI: key_private(). */
#include "base/cli.h"
#include "base/die.h"
#include "crypto/keyfile.h"
#include "crypto/random.h"
#include "crypto/sign.h"
#include "crypto/token.h"

const char *key_pin;

EVP_PKEY *
key_private(const char *option, const char *uri)
{
	static const struct {
		const char *scheme;
		EVP_PKEY *(*load)(const char *option, const char *uri);
	} kinds[] = {
		{ "", keyfile_key },
		{ "fd", keyfile_key },
		{ "file", keyfile_key },
		{ "handle", token_tpm_handle },
		{ "pkcs11", token_pkcs11 },
	};
	struct text scheme = { (const uint8_t *)uri, 0 };
	EVP_PKEY *key;

	cli_require(uri, option);
	scheme.n = keyfile_scheme(uri);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!text_is(scheme, kinds[i].scheme))
			continue;
		random_start();
		key = kinds[i].load(option, uri);
		if (key == NULL || sign_algorithm(key) == 0)
			die_world("%s: '%s' holds neither a P-256 nor an Ed25519 key", option, uri);
		return key;
	}
	die_request("%s: unknown key scheme '%.*s'", option, (int)scheme.n, uri);
}
