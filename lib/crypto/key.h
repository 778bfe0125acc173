/* SPDX-License-Identifier: Apache-2.0 */
/* key.h - asymmetric keys: P-256 for all purposes, Ed25519 for signing */
#ifndef KEY_H
#define KEY_H

#include "base/bytes.h"
#include "base/cli.h"
#include "base/fault.h"

typedef struct evp_pkey_st EVP_PKEY;

enum { COORDINATE = 32 };	/* bytes of x and of y on P-256 */

/* The options of a tool that takes a key; variable: a const char * of the tool's own. */
#define CLI_KEY(variable, help) \
	{ "key", 'k', POPT_ARG_STRING, &(variable), 0, help, "KEY" }, \
	{ "pin", 0, POPT_ARG_STRING, &key_pin, 0, "The PIN of a key in a token or TPM", "FILE" }
extern const char *key_pin;

/*
 * A private key by URI, see m2mkit(7): a PEM file by path, "file:PATH" or "fd:N", which may hold a
 * "TSS2 PRIVATE KEY"; "pkcs11:..."; "handle:0x...".  Any other scheme is refused as unknown (2).  Dies (3)
 * when it cannot be read, is of another kind, is encrypted, its file is not for this user alone
 * (secret_file_fits()), or its token or TPM does not give it; a key there stays there.  The key lives
 * as long as the process.  option names the key in messages: "--key".
 */
EVP_PKEY *key_private(const char *option, const char *uri);

EVP_PKEY *key_new(void);				/* a fresh P-256 key; dies when it cannot */
EVP_PKEY *key_from_point(struct bytes x, struct bytes y);	/* NULL: not on the curve (SP 800-56A, partial check) */
/* The same, not to be freed: the next call makes another of it.  For thousands that each sign once. */
EVP_PKEY *key_in_passing(struct bytes x, struct bytes y);
void key_point(EVP_PKEY *key, uint8_t x[static COORDINATE], uint8_t y[static COORDINATE]);
bool key_is_p256(const EVP_PKEY *key);

void key_to_der(EVP_PKEY *key, struct buf *out);	/* appends PKCS#8, unencrypted: seal it */
EVP_PKEY *key_from_der(struct bytes der);		/* NULL: no such key */
bool key_equal(const EVP_PKEY *a, const EVP_PKEY *b);	/* of the public parts */
void key_free(EVP_PKEY *key);

#endif
