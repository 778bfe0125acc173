/* SPDX-License-Identifier: Apache-2.0 */
/* pkcs11.h - PKCS#11 URIs (RFC 7512), and OpenSSL's engine for them; for token.c */
#ifndef PKCS11_H
#define PKCS11_H

#include "crypto/key.h"

typedef struct ui_method_st UI_METHOD;

struct pkcs11 {			/* lives as long as the process */
	char *object;		/* the URI without what follows */
	char *module, *pin_source;	/* decoded; NULL: not in it */
};

/* Dies (2): attributes that are unknown, empty or not decodable; a PIN in it. */
void pkcs11_parse(const char *option, const char *uri, struct pkcs11 *p);

/* Loads the module that the URI names, if it does. Dies (3). */
void pkcs11_module(const char *option, const struct pkcs11 *p);

/* The engine: false, NULL: see OpenSSL's errors. */
bool pkcs11_engine_starts(const struct pkcs11 *p);
EVP_PKEY *pkcs11_engine_key(const struct pkcs11 *p, UI_METHOD *ui);

#endif
