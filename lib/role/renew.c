/* SPDX-License-Identifier: Apache-2.0 */
#include "role/renew.h"

#include "msg/pcid.h"
#include "msg/pcid_package.h"
#include "role/application.h"
#include "role/install.h"
#include "role/order.h"
#include "role/receipt.h"
#include "role/slot.h"
#include "role/unwrap.h"

/* --- before it is opened ---------------------------------------------------------- */

/* Of the operator of the PCID, which this TRE holds: only it can give another in its place. */
static bool
is_from_its_operator(const struct tre *t, const struct pcid_package *p, struct fault *f)
{
	struct text pcid, ro;

	if (!application_pcid(t, p->pcid, &pcid, &ro, f))
		return false;
	if (!text_equal(p->pcid, pcid))
		return fault_refuse(f, "wrong-pcid", "pcid-package.pcid", "is not ours");
	return text_equal(p->ro, ro) ||
	    fault_refuse(f, "wrong-operator", "pcid-package.ro", "is not the operator of the PCID");
}

/* Only what this TRE attested for; *before: that nonce brought this very package. */
static bool
was_asked_for(const struct tre *t, const struct pcid_package *p, struct bytes digest, bool *before,
    struct fault *f)
{
	struct tre_device d;
	struct row row;
	bool ok = true;

	if (!tre_device(t, &d, f))
		return false;
	if (!bytes_equal(p->ueid, d.ueid))
		return fault_refuse(f, "wrong-device", "pcid-package.ueid", "is another device's");
	if (!store_row(t->store, f, &row, "SELECT pcid, sho, package FROM provisioning"
	    " WHERE nonce = ?1", V_BYTES(p->nonce)))
		return false;
	if (!row.found)
		return fault_refuse(f, "unknown-nonce", "pcid-package.nonce",
		    "is not one this TRE attested under");
	*before = row_bytes(&row, 2).p != NULL;
	if (!text_equal(row_text(&row, 0), p->pcid))
		ok = fault_refuse(f, "wrong-pcid", "pcid-package.pcid", "is not the registration's");
	else if (!text_equal(row_text(&row, 1), p->ro))
		ok = fault_refuse(f, "wrong-operator", "pcid-package.ro", "is not the registration's");
	else if (*before && !bytes_equal(row_bytes(&row, 2), digest))
		ok = fault_refuse(f, "nonce-used", "pcid-package.nonce", "brought something else before");
	row_done(&row);
	return ok;
}

/* --- opening it -------------------------------------------------------------------- */

static bool
content_fits(const struct pcid_package *p, const struct pcid *new, bool test_keys, uint64_t now,
    struct fault *f)
{
	if (!text_equal(new->pcid, p->new_pcid))
		return fault_refuse(f, "wrong-pcid", "pcid.pcid", "is not the package's");
	if (!text_equal(new->ro, p->ro))
		return fault_refuse(f, "wrong-operator", "pcid.ro", "is not the package's");
	if (new->not_after != 0 && new->not_after <= now)
		return fault_refuse(f, "expired", "pcid.not_after", "has passed");
	if (credential_is_secret(&new->credential, test_keys, f))
		return true;
	fault_inside(f, "pcid");
	return false;
}

static bool
open_package(struct tre *t, const struct pcid_package *p, bool test_keys, uint64_t now,
    struct buf *plain, struct pcid *new, struct fault *f)
{
	static struct buf header;
	struct unwrapper us;
	EVP_PKEY *sealing = tre_sealing_key(t, f);

	if (sealing == NULL || !signed_in_time("pcid-package", p->iat, p->exp, now, f))
		return false;
	unwrapper_set(&us, sealing);
	if (!bytes_equal(p->key, BYTES(us.thumbprint)))
		return fault_refuse(f, "not-for-us", "pcid-package.key", "is another's sealing key");
	header.n = 0;
	pcid_package_header(p, &header);
	if (!cose_decrypt(sealing, p->sealed, buf_bytes(&header), plain, f)) {
		fault_inside(f, "pcid-package.sealed");
		return false;
	}
	return record_decode(&pcid_record, new, buf_bytes(plain), f) &&
	    content_fits(p, new, test_keys, now, f);
}

/* --- beside the old one ------------------------------------------------------------ */

static bool
is_new(const struct tre *t, const struct pcid_package *p, struct fault *f)
{
	struct row row;
	bool held;

	if (!store_row(t->store, f, &row, "SELECT 1 FROM application WHERE identity = ?1",
	    V_TEXT(p->new_pcid)))
		return false;
	held = row.found;
	row_done(&row);
	return !held || fault_refuse(f, "already-known", "pcid-package.new_pcid",
	    "is in the TRE already, or was");
}

/* The PCID that is in that state, if there is one. */
static bool
discard(const struct tre *t, const char *state, struct fault *f)
{
	char identity[IMSI_MAX + 1];
	struct row row;

	if (!store_row(t->store, f, &row, "UPDATE application SET state = 'discarded'"
	    " WHERE kind = 'pcid' AND state = ?1 RETURNING identity", V_TEXT(text_of(state))))
		return false;
	if (!row.found)
		return true;
	if (!text_copy(row_text(&row, 0), identity, sizeof identity))
		return fault_world(f, NULL, "tre: a name is too long");
	row_done(&row);
	return slot_forget(t, text_of(identity), f);
}

static bool
make_report(struct tre *t, const struct pcid_package *p, uint64_t now, const char *reason,
    struct buf *out, struct fault *f)
{
	return receipt_sign(t, &(struct report){
	    .pcid = p->pcid, .sho = p->ro, .nonce = p->nonce, .mid = p->new_pcid,
	    .counter = p->counter, .result = reason == NULL ? RESULT_INSTALLED : RESULT_REFUSED,
	    .reason = text_of(reason),
	}, now, out, f);
}

static bool
store_pcid(struct tre *t, const struct pcid_package *p, struct bytes digest, bool test_keys,
    uint64_t now, struct buf *out, struct fault *f)
{
	static struct buf plain;
	struct pcid new;
	bool ok;

	buf_wipe(&plain);
	ok = open_package(t, p, test_keys, now, &plain, &new, f) &&
	    install_count(t, p->ro, p->pcid, p->counter, "pcid-package.counter", f) &&
	    is_new(t, p, f) && discard(t, "installed", f) &&
	    application_add(t, &(struct application){
		.identity = new.pcid, .pcid = true, .ro = new.ro, .not_before = new.not_before,
		.not_after = new.not_after, .nonce = p->nonce, .counter = p->counter,
		.object = buf_bytes(&plain) }, f) &&
	    make_report(t, p, now, NULL, out, f);
	buf_wipe(&plain);
	return ok && store_run(t->store, f, NULL, "UPDATE provisioning SET package = ?2, report = ?3"
	    " WHERE nonce = ?1", V_BYTES(p->nonce), V_BYTES(digest), V_BYTES(buf_bytes(out)));
}

bool
renew(struct tre *t, struct trust *anchors, struct bytes encoded, bool test_keys, uint64_t now,
    struct buf *out, struct fault *f)
{
	struct pcid_package p;
	uint8_t digest[DIGEST_LEN];
	struct fault why;
	bool before = false;

	signed_digest(&encoded, 1, digest);
	if (!signed_open(encoded, &pcid_package_record, anchors, now, &p, NULL, f) ||
	    !was_asked_for(t, &p, BYTES(digest), &before, f))
		return false;
	if (before)
		return install_report(t, p.nonce, out, f);
	if (!is_from_its_operator(t, &p, f))
		return false;
	if (store_pcid(t, &p, BYTES(digest), test_keys, now, out, f))
		return true;
	if (f->status != STATUS_REFUSED)
		return false;
	why = *f;
	out->n = 0;
	if (!store_take_back(t->store, f) || !make_report(t, &p, now, why.reason, out, f))
		return false;
	*f = why;
	f->answered = true;
	return false;
}

/* --- used --------------------------------------------------------------------------- */

bool
renew_used(const struct tre *t, struct text identity, struct fault *f)
{
	struct row row;
	bool new;

	if (!store_row(t->store, f, &row, "SELECT 1 FROM application WHERE identity = ?1"
	    " AND kind = 'pcid' AND state = 'installed'", V_TEXT(identity)))
		return false;
	new = row.found;
	row_done(&row);
	return !new || (discard(t, "active", f) && store_run(t->store, f, NULL,
	    "UPDATE application SET state = 'active' WHERE identity = ?1", V_TEXT(identity)));
}

static bool
sign_used(struct tre *t, const struct row *row, uint64_t now, struct buf *out, struct fault *f)
{
	return receipt_sign(t, &(struct report){
	    .pcid = row_text(row, 0), .sho = row_text(row, 1), .nonce = row_bytes(row, 2),
	    .mid = row_text(row, 3), .counter = row_int(row, 4), .result = RESULT_ACTIVATED,
	}, now, out, f);
}

bool
renew_report(struct tre *t, uint64_t now, struct buf *out, struct fault *f)
{
	static struct answers answers;
	struct buf *report = &answers.one[0];
	uint8_t package[DIGEST_LEN];
	struct row row;
	bool found;

	if (!store_row(t->store, f, &row, "SELECT p.pcid, p.sho, p.nonce, a.identity, a.counter, p.package"
	    " FROM application a JOIN provisioning p USING(nonce)"
	    " WHERE a.kind = 'pcid' AND a.state = 'active'"))
		return false;
	if (!row.found)
		return fault_refuse(f, "too-early", NULL, "no new PCID has been used yet");
	report->n = answers.one[1].n = 0;
	bytes_copy(package, row_bytes(&row, 5));
	if (!order_answered(t, BYTES(package), &answers, &found, f) ||
	    (!found && (!sign_used(t, &row, now, report, f) ||
	    !order_keep(t, BYTES(package), &answers, f))))
		return false;
	row_done(&row);
	buf_add(out, buf_bytes(report));
	return true;
}
