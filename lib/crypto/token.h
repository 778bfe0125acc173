/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token.h - keys that stay where they are, in a PKCS#11 token or a TPM: key_private() finds them.
 *
 * Neither is loaded unless such a key is asked for, and then by name: no
 * configuration of OpenSSL has a say.
 */
#ifndef TOKEN_H
#define TOKEN_H

#include "crypto/key.h"

enum { PIN_MAX = 255 };		/* bytes, without its end */

/*
 * By RFC 7512: "pkcs11:token=op;object=sign?module-path=...&pin-source=...".  OpenSSL's provider
 * pkcs11 where there is one, else the engine of that name.  Dies: 2 not such a URI, pin-value;
 * 3 no module, no token, no key, no or a wrong PIN.
 */
EVP_PKEY *token_pkcs11(const char *option, const char *uri);

/* As tpm_key_of_handle() and tpm_key_of_block(), with the PIN of --pin. */
EVP_PKEY *token_tpm_handle(const char *option, const char *uri);
EVP_PKEY *token_tpm_block(const char *option, const char *name, struct bytes der);

/*
 * What OpenSSL must be told to work with that key where the key is: the properties to fetch
 * algorithms by; NULL: nothing.  Valid until the next call.
 */
const char *token_properties(const EVP_PKEY *key);

/* Why OpenSSL's last call failed, as the library at the far end has it, or otherwise. Clears it. */
const char *token_said(const char *otherwise);

#endif
