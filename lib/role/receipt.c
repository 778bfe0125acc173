/* SPDX-License-Identifier: Apache-2.0 */
#include "role/receipt.h"

#include "role/attest.h"
#include "role/outbox.h"

/* The encoded object from there on is kept. */
static bool
keep(const struct tre *t, struct receipt r, const struct buf *out, size_t from, struct fault *f)
{
	r.object = (struct bytes){ out->p + from, out->n - from };
	return outbox_put(t, &r, f);
}

static bool
dpf_of(const struct tre *t, struct bytes nonce, char dpf[static NAME_BYTES + 1], struct fault *f)
{
	struct row row;
	bool ok;

	if (!store_row(t->store, f, &row, "SELECT dpf FROM provisioning WHERE nonce = ?1",
	    V_BYTES(nonce)))
		return false;
	ok = row.found && text_copy(row_text(&row, 0), dpf, NAME_BYTES + 1);
	row_done(&row);
	return ok || fault_world(f, NULL, "tre: a MID came from nowhere");
}

/* Of a delivery; of which a later one takes the place of an earlier. */
static bool
is_outcome(uint64_t result)
{
	return result == RESULT_INSTALLED || result == RESULT_UPDATED || result == RESULT_REFUSED;
}

bool
receipt_sign(struct tre *t, const struct report *r, uint64_t now, struct buf *out, struct fault *f)
{
	struct report report = *r;
	char dpf[NAME_BYTES + 1];
	struct signer us = { 0 };
	size_t from = out->n;
	struct tre_device d;

	if (!attest_signer(t, &us, f) || !dpf_of(t, r->nonce, dpf, f) || !tre_device(t, &d, f))
		return false;
	report.iat = now;
	report.ueid = d.ueid;
	signed_encode(&us, &report_record, &report, out);
	return keep(t, (struct receipt){ .kind = RECEIPT_REPORT, .to = text_of(dpf), .mid = r->mid,
	    .made = now, .outcome = is_outcome(r->result) ? r->nonce : (struct bytes){ 0 } },
	    out, from, f);
}

static struct report
report_of(const struct slot *s, uint64_t result)
{
	return (struct report){
		.pcid = text_of(s->pcid), .sho = text_of(s->sho), .nonce = BYTES(s->nonce),
		.mid = text_of(s->mid), .counter = s->counter, .result = result,
	};
}

bool
receipt_report(struct tre *t, const struct slot *s, uint64_t result, uint64_t now, struct buf *out,
    struct fault *f)
{
	struct report r = report_of(s, result);

	return receipt_sign(t, &r, now, out, f);
}

bool
receipt_release(struct tre *t, const struct slot *s, struct bytes ack, uint64_t now,
    struct buf *out, struct fault *f)
{
	struct report r = report_of(s, RESULT_DISCARDED);

	r.ack = ack;
	return receipt_sign(t, &r, now, out, f);
}

bool
receipt_discard(struct tre *t, const struct slot *s, const struct order *o, uint64_t now,
    struct buf *out, struct fault *f)
{
	struct signer us = { 0 };
	size_t from = out->n;
	struct tre_device d;

	if (!attest_signer(t, &us, f) || !tre_device(t, &d, f))
		return false;
	signed_encode(&us, &discard_record, &(struct discard){
	    .pcid = text_of(s->pcid), .sho = text_of(s->sho), .iat = now, .nonce = BYTES(s->nonce),
	    .ueid = d.ueid, .mid = text_of(s->mid), .counter = o->counter, .cause = o->what,
	}, out);
	return keep(t, (struct receipt){ .kind = RECEIPT_DISCARD, .to = text_of(s->sho),
	    .mid = text_of(s->mid), .made = now }, out, from, f);
}
