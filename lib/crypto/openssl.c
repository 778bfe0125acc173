/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/openssl.h"

#include <openssl/crypto.h>
#include <stdlib.h>

const char openssl_started;

/* Before main(): the first of OpenSSL's functions to be called, whichever it is, would load one. */
__attribute__((constructor)) static void
start(void)
{
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		abort();
}
