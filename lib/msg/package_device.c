/* SPDX-License-Identifier: Apache-2.0 */
/* Apart from package.c, so that who only reads and writes packages needs no digest. */
#include "crypto/digest.h"
#include "msg/attach.h"
#include "msg/package.h"

void
package_device(struct bytes token, struct bytes ueid, uint8_t out[static DIGEST_LEN])
{
	static const char label[] = "m2mkit device";
	uint8_t named[sizeof label - 1 + UEID_BYTES_MAX];

	memcpy(named, label, sizeof label - 1);
	memcpy(named + sizeof label - 1, ueid.p, ueid.n);
	digest_hmac(token, (struct bytes){ named, sizeof label - 1 + ueid.n }, out);
}
