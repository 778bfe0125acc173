/* SPDX-License-Identifier: Apache-2.0 */
#include "role/install.h"

#include "crypto/digest.h"
#include "msg/envelope.h"
#include "role/application.h"
#include "role/receipt.h"
#include "role/rekey.h"
#include "role/slot.h"
#include "role/unwrap.h"

/* --- the delivery ---------------------------------------------------------------- */

struct parcel {			/* a delivery and what is in it, as claimed */
	struct delivery delivery;
	struct authorization authorization;
	struct mid_package package;
	bool installed;		/* by its nonce came a MID before */
};

/* The claims alone, to name them in a report; nothing of it is trusted. */
static bool
read_claims(struct bytes encoded, struct parcel *p, struct fault *f)
{
	struct cose_sign1 outer;

	return record_decode(&delivery_record, &outer, encoded, f) &&
	    record_decode(&delivery_claims_record, &p->delivery, outer.payload, f) &&
	    envelope_claims(delivery_package(&p->delivery), &p->package, f);
}

/* The same package is the same here. */
static void
package_digest(const struct delivery *d, uint8_t digest[static DIGEST_LEN])
{
	digest_parts((struct bytes[]){ envelope_part(delivery_package(d)) }, 1, digest);
}

/* Only what this TRE attested for, from the operator and DPF named then. */
static bool
was_asked_for(const struct tre *t, struct parcel *p, struct fault *f)
{
	const struct delivery *d = &p->delivery;
	uint8_t digest[DIGEST_LEN];
	struct row row;
	bool ok = true;

	if (!store_row(t->store, f, &row, "SELECT pcid, sho, dpf, package FROM provisioning"
	    " WHERE nonce = ?1", V_BYTES(d->nonce)))
		return false;
	if (!row.found)
		return fault_refuse(f, "unknown-nonce", "delivery.nonce", "is not one this TRE attested under");
	package_digest(d, digest);
	p->installed = row_bytes(&row, 3).p != NULL;
	if (!text_equal(row_text(&row, 0), d->pcid))
		ok = fault_refuse(f, "wrong-pcid", "delivery.pcid", "is not the registration's");
	else if (!text_equal(row_text(&row, 1), p->package.sho))
		ok = fault_refuse(f, "wrong-operator", "mid-package.sho", "is not the registration's");
	else if (!text_equal(row_text(&row, 2), d->dpf))
		ok = fault_refuse(f, "wrong-dpf", "delivery.dpf", "is not the registration's");
	else if (p->installed && !bytes_equal(row_bytes(&row, 3), BYTES(digest)))
		ok = fault_refuse(f, "nonce-used", "delivery.nonce", "brought another MID before");
	row_done(&row);
	return ok;
}

/* A delivery by the DPF that this TRE waits for: no other is answered with its signature. */
static bool
is_for_us(const struct tre *t, struct trust *anchors, struct bytes encoded, uint64_t now,
    struct parcel *p, struct fault *f)
{
	return signed_open(encoded, &delivery_record, anchors, now, &p->delivery, NULL, f) &&
	    was_asked_for(t, p, f);
}

bool
install_report(const struct tre *t, struct bytes nonce, struct buf *out, struct fault *f)
{
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT report FROM provisioning WHERE nonce = ?1",
	    V_BYTES(nonce)))
		return false;
	row_take(&row, out);
	return true;
}

/* What the three objects must agree on, and with whom they must agree. */
static bool
bindings_hold(const struct parcel *p, struct fault *f)
{
	const struct delivery *d = &p->delivery;
	const struct authorization *a = &p->authorization;

	if (!text_equal(a->aud, d->dpf))
		return fault_refuse(f, "wrong-dpf", "authorization.aud", "is not who delivers");
	if (d->operation == OPERATION_DELETE)
		return fault_refuse(f, "wrong-scope", "delivery.operation",
		    "needs install or update, has delete");
	if (a->scope != d->operation)
		return fault_refuse(f, "wrong-scope", "authorization.scope", "needs %s, has %s",
		    operations.words[d->operation - 1], operations.words[a->scope - 1]);
	if (!text_equal(p->package.sho, a->sho))
		return fault_refuse(f, "wrong-operator", "mid-package.sho", "is not the authorization's");
	if (!text_equal(d->pcid, a->pcid) || !text_equal(d->pcid, p->package.pcid))
		return fault_refuse(f, "wrong-pcid", "delivery.pcid", "is not the same in all its parts");
	if (!bytes_equal(d->nonce, a->nonce) || (p->package.nonce.p != NULL &&
	    !bytes_equal(d->nonce, p->package.nonce)))	/* one prepared ahead of time has none */
		return fault_refuse(f, "wrong-nonce", "delivery.nonce", "is not the same in all its parts");
	return true;
}

static bool
in_time(const struct parcel *p, uint64_t now, struct fault *f)
{
	return signed_in_time("delivery", p->delivery.iat, 0, now, f) &&
	    signed_in_time("authorization", p->authorization.iat, p->authorization.exp, now, f);
}

bool
install_count(const struct tre *t, struct text from, struct text pcid, uint64_t counter,
    const char *where, struct fault *f)
{
	uint64_t changed;

	if (!store_run(t->store, f, &changed, "INSERT INTO counter VALUES(?1, ?2, ?3)"
	    " ON CONFLICT DO UPDATE SET last = excluded.last WHERE last < excluded.last",
	    V_TEXT(from), V_TEXT(pcid), V_INT(counter)))
		return false;
	return changed == 1 || fault_refuse(f, "old-counter", where,
	    "is not above the last one of %.*s", (int)from.n, from.p);
}

static bool
make_report(struct tre *t, const struct parcel *p, uint64_t now, const char *reason, bool active,
    struct buf *out, struct fault *f)
{
	uint64_t success = p->delivery.operation == OPERATION_UPDATE ? RESULT_UPDATED :
	    RESULT_INSTALLED;

	return receipt_sign(t, &(struct report){
	    .pcid = p->delivery.pcid, .sho = p->package.sho, .nonce = p->delivery.nonce,
	    .mid = p->package.mid, .counter = p->package.counter,
	    .result = reason == NULL ? success : RESULT_REFUSED, .reason = text_of(reason),
	    .active = active,
	}, now, out, f);
}

static bool
add_mid(struct tre *t, const struct parcel *p, const struct mid *mid, struct bytes object,
    uint64_t now, struct fault *f)
{
	return application_add(t, &(struct application){
	    .identity = mid_identity(mid), .isim = mid->usim.imsi.p == NULL, .sho = mid->sho,
	    .mid = mid->id, .not_before = mid->not_before, .not_after = mid->not_after,
	    .nonce = p->delivery.nonce, .counter = p->package.counter, .object = object }, f) &&
	    slot_begin(t, mid->sho, mid->id, now, f);
}

/* Decrypts, tries, stores: the report is part of the same transaction. */
static bool
store_mid(struct tre *t, const struct parcel *p, uint64_t now, struct buf *out, struct fault *f)
{
	static struct buf plain;
	struct unwrapper us;
	EVP_PKEY *sealing = tre_sealing_key(t, f);
	uint8_t digest[DIGEST_LEN];
	bool ok, update = p->delivery.operation == OPERATION_UPDATE;
	struct tre_device d;
	struct slot s;
	struct mid mid;

	if (sealing == NULL || !tre_device(t, &d, f))
		return false;
	unwrapper_set(&us, sealing);
	us.ueid = d.ueid;
	buf_wipe(&plain);
	ok = (update ? rekey_find(t, p->package.sho, p->package.mid, &s, f) :
	    slot_has_room(t, p->package.sho, f)) &&
	    package_open(&p->package, &us, now, &plain, &mid, f) &&
	    install_count(t, p->package.sho, p->package.pcid, p->package.counter,
		"mid-package.counter", f) &&
	    (update ? rekey(t, &s, &mid, buf_bytes(&plain), f) && slot_try(t, &s, f) :
	    add_mid(t, p, &mid, buf_bytes(&plain), now, f)) &&
	    slot_find(t, mid.sho, mid.id, &s, f) &&
	    make_report(t, p, now, NULL, !update && s.usim && s.state == MID_ACTIVE, out, f);
	buf_wipe(&plain);
	package_digest(&p->delivery, digest);
	return ok && store_run(t->store, f, NULL, "UPDATE provisioning SET package = ?2, report = ?3"
	    " WHERE nonce = ?1", V_BYTES(p->delivery.nonce), V_BYTES(BYTES(digest)), V_BYTES(buf_bytes(out)));
}

static bool
install_once(struct tre *t, const struct parcel *p, uint64_t now, struct buf *out, struct fault *f)
{
	if (p->installed)
		return install_report(t, p->delivery.nonce, out, f);
	return in_time(p, now, f) && store_mid(t, p, now, out, f);
}

static bool
open_and_install(struct tre *t, struct trust *anchors, struct parcel *p, uint64_t now,
    struct buf *out, struct fault *f)
{
	return signed_open(p->delivery.authorization, &authorization_record, anchors, now,
		&p->authorization, NULL, f) &&
	    envelope_open(delivery_package(&p->delivery), anchors, now, &p->package, f) &&
	    bindings_hold(p, f) && install_once(t, p, now, out, f);
}

bool
install(struct tre *t, struct trust *anchors, struct bytes encoded, uint64_t now, struct buf *out,
    struct fault *f)
{
	struct parcel p = { 0 };
	struct fault why;

	if (!read_claims(encoded, &p, f) || !is_for_us(t, anchors, encoded, now, &p, f))
		return false;
	if (open_and_install(t, anchors, &p, now, out, f))
		return true;
	if (f->status != STATUS_REFUSED || p.installed)
		return false;
	why = *f;
	out->n = 0;
	if (!store_take_back(t->store, f) || !make_report(t, &p, now, why.reason, false, out, f))
		return false;
	*f = why;
	f->answered = true;
	return false;
}
