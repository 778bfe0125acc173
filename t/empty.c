/* SPDX-License-Identifier: Apache-2.0 */
/* empty - does nothing, with libcrypto: what a start is measured against */
#include <openssl/crypto.h>

int
main(void)
{
	return OpenSSL_version_num() == 0;
}
