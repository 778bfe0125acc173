/* SPDX-License-Identifier: Apache-2.0 */
/*
 * openssl.h - OpenSSL starts without a configuration: every file that uses OpenSSL includes this.
 *
 * Neither OPENSSL_CONF nor the system's openssl.cnf can put other algorithms, engines or
 * providers under the tools, and a fifth of a start is saved.
 */
#ifndef OPENSSL_H
#define OPENSSL_H

extern const char openssl_started;	/* to refer to it is to link what starts it, before main() */
static const char *const openssl_link __attribute__((used)) = &openssl_started;

#endif
