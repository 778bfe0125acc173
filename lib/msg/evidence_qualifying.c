/* SPDX-License-Identifier: Apache-2.0 */
/* Apart from evidence.c, so that who only reads and writes evidence needs no digest. */
#include "crypto/digest.h"
#include "msg/evidence.h"

void
evidence_qualifying(const struct evidence *e, uint8_t out[static QUALIFYING])
{
	static struct buf claims;
	struct evidence without = *e;

	without.tpm = (struct tpm_evidence){ 0 };
	claims.n = 0;
	record_encode(&evidence_qualified_record, &without, &claims);
	digest_sha256(buf_bytes(&claims), out);
}
