/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/schemas.h"

#include "msg/ack.h"
#include "msg/attach.h"
#include "msg/discard.h"
#include "msg/evidence.h"
#include "msg/inventory.h"
#include "msg/mid.h"
#include "msg/order.h"
#include "msg/package.h"
#include "msg/pcid.h"
#include "msg/pcid_package.h"
#include "msg/registration.h"
#include "msg/release.h"
#include "msg/verdict.h"

const struct record *const schemas[] = {
	&pcid_record, &attach_request_record, &av_request_record, &av_record, &subscription_record,
	&challenge_record, &auth_response_record, &grant_record, &referral_record, &registration_record,
	&evidence_record, &verdict_record, &mid_record, &authorization_record, &mid_package_record,
	&delivery_record, &report_record, &order_record, &discard_record, &ack_record, &release_record,
	&pcid_package_record, &inventory_record, NULL
};

const struct record *
schema_find(struct text type)
{
	for (const struct record *const *r = schemas; *r != NULL; r++) {
		const char *slash = strchr((*r)->type, '/');
		struct text name = { (const uint8_t *)(*r)->type, (size_t)(slash - (*r)->type) };

		if (text_is(type, (*r)->type) || text_equal(type, name))
			return *r;
	}
	return NULL;
}
