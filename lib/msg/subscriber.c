/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/subscriber.h"

#include "msg/mid.h"
#include "msg/pcid.h"
#include "wire/item.h"

bool
subscriber_read(struct bytes object, struct text *identity, struct credential *c, struct fault *f)
{
	struct item item = { .bytes = object, .type = item_type(object) };
	struct pcid pcid;
	struct mid mid;

	if (item_is(&item, &mid_record)) {
		if (!record_decode(&mid_record, &mid, object, f))
			return false;
		*identity = mid.usim.imsi;
		*c = mid.usim.credential;
		return true;
	}
	if (!item_is(&item, &pcid_record))
		return item_unwanted(&item, "pcid/1 or mid/1", f);
	if (!record_decode(&pcid_record, &pcid, object, f))
		return false;
	*identity = pcid.pcid;
	*c = pcid.credential;
	return true;
}
