/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/subscriber.h"

#include "msg/mid.h"
#include "msg/pcid.h"

bool
subscriber_take(const struct item *item, struct text *identity, struct credential *c, struct fault *f)
{
	struct pcid pcid;
	struct mid mid;

	if (item_is(item, &pcid_record)) {
		if (!record_decode(&pcid_record, &pcid, item->bytes, f))
			return false;
		*identity = pcid.pcid;
		*c = pcid.credential;
		return true;
	}
	if (!item_is(item, &mid_record))
		return item_unwanted(item, "pcid/1 or mid/1", f);
	if (!record_decode(&mid_record, &mid, item->bytes, f))
		return false;
	*identity = mid_identity(&mid);
	*c = *mid_credential(&mid);
	return true;
}

bool
subscriber_read(struct bytes object, struct text *identity, struct credential *c, struct fault *f)
{
	const struct item item = { .bytes = object, .type = item_type(object) };

	return subscriber_take(&item, identity, c, f);
}

bool
subscriber_in_time(struct text identity, uint64_t not_before, uint64_t not_after, uint64_t now,
    struct fault *f)
{
	if (not_before > now)
		return fault_refuse(f, "not-yet-valid", NULL, "%.*s is not valid yet", (int)identity.n,
		    identity.p);
	if (not_after != 0 && not_after <= now)
		return fault_refuse(f, "expired", NULL, "%.*s has expired", (int)identity.n, identity.p);
	return true;
}
