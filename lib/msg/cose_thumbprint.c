/* SPDX-License-Identifier: Apache-2.0 */
/* Apart from cose.c, so that who only reads and writes objects needs no digest. */
#include "crypto/digest.h"
#include "msg/cose.h"

/* The required members alone, in deterministic order: that is all the table has (RFC 9679 3, 4.2). */
void
cose_thumbprint(const struct cose_key *key, uint8_t out[static DIGEST_LEN])
{
	static struct buf b;

	b.n = 0;
	record_encode(&cose_key_record, key, &b);
	digest_sha256(buf_bytes(&b), out);
}
