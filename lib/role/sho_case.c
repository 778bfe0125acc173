/* SPDX-License-Identifier: Apache-2.0 */
#include "role/sho_case.h"

#include "wire/stream.h"

bool
sho_take(struct sho_intake *i, const struct item *item, uint64_t now, struct fault *f)
{
	struct bytes both[2];

	if (item_is(item, &registration_record)) {
		if (i->c.ahead)
			return item_unwanted(item, "verdict/1", f);
		memset(&i->c.verdict, 0, sizeof i->c.verdict);
		return signed_keep(item, &registration_record, i->anchors, now, &i->c.registration,
		    &i->registration, f);
	}
	if (!item_is(item, &verdict_record))
		return item_unwanted(item, "registration/1 or verdict/1", f);
	if (i->c.registration.nonce.p == NULL && !i->c.ahead)
		return stream_lacks("a registration before the verdict", f);
	if (!signed_keep(item, &verdict_record, i->anchors, now, &i->c.verdict, &i->verdict, f))
		return false;
	both[0] = buf_bytes(&i->registration);
	both[1] = buf_bytes(&i->verdict);
	signed_digest(both + i->c.ahead, 2 - i->c.ahead, i->c.digest);
	return true;
}
