/* SPDX-License-Identifier: Apache-2.0 */
/*
 * openssl.h - OpenSSL starts with the algorithms we use: every file that uses OpenSSL includes this.
 *
 * Neither OPENSSL_CONF nor the system's openssl.cnf can put other algorithms, engines or
 * providers under the tools; and what no tool is to use, such as MD5 or DES, is not there.  A third
 * of a start is saved.
 */
#ifndef OPENSSL_H
#define OPENSSL_H

/*
 * The rest as well: before the library of a token or a TPM is used, which may itself work with
 * OpenSSL.  Dies (3) when it cannot.
 */
void openssl_load_all(void);

#define OPENSSL_PROVIDER "m2mkit"	/* its name: that part of OpenSSL's default provider */

extern const char openssl_started;	/* to refer to it is to link what starts it, before main() */
static const char *const openssl_link __attribute__((used)) = &openssl_started;

#endif
