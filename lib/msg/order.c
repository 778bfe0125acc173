/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/order.h"

#include "msg/claims.h"
#include "msg/mid.h"

static const char *const order_words[] = { "re-provision", "activate", "delete" };
const struct choices orders = CHOICES(order_words);
static const char *const former_words[] = { "inactive", "discarded" };
const struct choices formers = CHOICES(former_words);

/* What each order names besides the operator. */
static bool
order_check(const void *obj, struct fault *f)
{
	const struct order *o = obj;
	const struct {
		const char *name;
		bool there, must, may;
	} parts[] = {
		{ "mid", o->mid.p != NULL, o->what != ORDER_RE_PROVISION, o->what != ORDER_RE_PROVISION },
		{ "former", o->former != 0, false, o->what == ORDER_ACTIVATE },
		{ "wait", o->wait != 0, false, o->what == ORDER_RE_PROVISION },
	};

	for (size_t i = 0; i < COUNT(parts); i++)
		if (parts[i].there ? !parts[i].may : parts[i].must)
			return fault_request(f, parts[i].name, parts[i].there ? "is not part of an order to %s" :
			    "is missing from an order to %s", orders.words[o->what - 1]);
	return true;
}

static const struct field order_claims_fields[] = {
	FIELD(order, CLAIM_ISS, owner, REQUIRED, 1, NAME_BYTES),
	FIELD_TIME(order, CLAIM_EXP, exp, REQUIRED),
	FIELD_TIME(order, CLAIM_IAT, iat, REQUIRED),
	FIELD(order, CLAIM_UEID, ueid, REQUIRED, 7, 33),
	FIELD(order, CLAIM_SHO, sho, REQUIRED, 1, NAME_BYTES),
	FIELD(order, CLAIM_MID, mid, OPTIONAL, 1, MID_ID_MAX),
	FIELD(order, CLAIM_COUNTER, counter, REQUIRED, 1, INT64_MAX),
	FIELD_WORD(order, CLAIM_ORDER, what, REQUIRED, &orders),
	FIELD_WORD(order, CLAIM_FORMER, former, OPTIONAL, &formers),
	FIELD(order, CLAIM_WAIT, wait, OPTIONAL, 1, ORDER_WAIT_MAX),
};
const struct record order_claims_record =
    RECORD(order, "order-claims", order_claims_fields, .check = order_check);
COSE_SIGN1(order, "order", ROLE_US, order_claims_record);
