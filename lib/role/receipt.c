/* SPDX-License-Identifier: Apache-2.0 */
#include "role/receipt.h"

#include "role/attest.h"

static bool
report(struct tre *t, const struct slot *s, uint64_t result, struct bytes ack, uint64_t now,
    struct buf *out, struct fault *f)
{
	struct signer us = { 0 };
	struct tre_device d;

	if (!attest_signer(t, &us, f) || !tre_device(t, &d, f))
		return false;
	signed_encode(&us, &report_record, &(struct report){
	    .pcid = text_of(s->pcid), .sho = text_of(s->sho), .iat = now, .nonce = BYTES(s->nonce),
	    .ueid = d.ueid, .mid = text_of(s->mid), .counter = s->counter, .result = result,
	    .ack = ack,
	}, out);
	return true;
}

bool
receipt_report(struct tre *t, const struct slot *s, uint64_t result, uint64_t now, struct buf *out,
    struct fault *f)
{
	return report(t, s, result, (struct bytes){ 0 }, now, out, f);
}

bool
receipt_release(struct tre *t, const struct slot *s, struct bytes ack, uint64_t now,
    struct buf *out, struct fault *f)
{
	return report(t, s, RESULT_DISCARDED, ack, now, out, f);
}

bool
receipt_discard(struct tre *t, const struct slot *s, const struct order *o, uint64_t now,
    struct buf *out, struct fault *f)
{
	struct signer us = { 0 };
	struct tre_device d;

	if (!attest_signer(t, &us, f) || !tre_device(t, &d, f))
		return false;
	signed_encode(&us, &discard_record, &(struct discard){
	    .pcid = text_of(s->pcid), .sho = text_of(s->sho), .iat = now, .nonce = BYTES(s->nonce),
	    .ueid = d.ueid, .mid = text_of(s->mid), .counter = o->counter, .cause = o->what,
	}, out);
	return true;
}
