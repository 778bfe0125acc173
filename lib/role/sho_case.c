/* SPDX-License-Identifier: Apache-2.0 */
#include "role/sho_case.h"

#include "crypto/digest.h"

bool
sho_take(struct sho_intake *i, const struct item *item, uint64_t now, struct fault *f)
{
	if (item_is(item, &registration_record)) {
		memset(&i->c.verdict, 0, sizeof i->c.verdict);
		i->c.ro = &i->ro;
		return signed_keep(item, &registration_record, i->anchors, ROLE_RO, now,
		    &i->c.registration, &i->ro, &i->registration, f);
	}
	if (!item_is(item, &verdict_record))
		return item_unwanted(item, "registration/1 or verdict/1", f);
	if (i->c.registration.nonce.p == NULL)
		return fault_request(f, NULL, "needs a registration before the verdict");
	i->c.pva = &i->pva;
	return signed_keep(item, &verdict_record, i->anchors, ROLE_PVA, now, &i->c.verdict, &i->pva,
	    &i->verdict, f);
}

struct bytes
sho_digest(const struct sho_intake *i, const struct item *mid)
{
	static uint8_t digests[3][DIGEST_LEN], all[DIGEST_LEN];

	digest_sha256(buf_bytes(&i->registration), digests[0]);
	digest_sha256(buf_bytes(&i->verdict), digests[1]);
	memset(digests[2], 0, DIGEST_LEN);
	if (mid != NULL)
		digest_sha256(mid->bytes, digests[2]);
	digest_sha256((struct bytes){ digests[0], sizeof digests }, all);
	return BYTES(all);
}
