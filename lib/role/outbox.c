/* SPDX-License-Identifier: Apache-2.0 */
#include "role/outbox.h"

#include <stdio.h>

#include "crypto/digest.h"
#include "msg/claims.h"
#include "msg/mid.h"
#include "msg/signed.h"
#include "wire/stream.h"

static struct text
word_of(uint64_t kind)
{
	return text_of(receipt_kinds.words[kind - 1]);
}

/* --- in ---------------------------------------------------------------------------- */

/* One whose place is taken needs none besides. */
static bool
has_room(const struct tre *t, struct bytes outcome, struct fault *f)
{
	uint64_t waiting, most = outcome.p != NULL ? OUTBOX_MAX / 2 : OUTBOX_MAX;
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT count(*) FROM outbox WHERE state = 'waiting'"
	    " AND (?1 IS NULL OR outcome IS NOT ?1)", V_BYTES(outcome)))
		return false;
	waiting = row_int(&row, 0);
	row_done(&row);
	return waiting < most || fault_refuse(f, "outbox-full", NULL,
	    "%d reports and notices are not acknowledged yet, see tre-outbox", (int)waiting);
}

bool
outbox_put(const struct tre *t, const struct receipt *r, struct fault *f)
{
	uint8_t digest[DIGEST_LEN];

	signed_digest(&r->object, 1, digest);
	return has_room(t, r->outcome, f) && store_run(t->store, f, NULL,
	    "INSERT OR REPLACE INTO outbox(digest, state, kind, recipient, mid, made, outcome,"
	    " object) VALUES(?1, 'waiting', ?2, ?3, ?4, ?5, ?6, ?7)", V_BYTES(BYTES(digest)),
	    V_TEXT(word_of(r->kind)), V_TEXT(r->to), V_TEXT(r->mid), V_INT(r->made),
	    V_BYTES(r->outcome), V_BYTES(r->object));
}

/* --- out --------------------------------------------------------------------------- */

bool
outbox_send(const struct tre *t, struct fault *f)
{
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT object FROM outbox WHERE state = 'waiting'"
	    " ORDER BY position"))
		return false;
	while (row.found) {
		stream_put_encoded(row_bytes(&row, 0));
		if (!store_next(t->store, f, &row))
			return false;
	}
	return true;
}

bool
outbox_list(const struct tre *t, struct list *l, struct buf *raw, struct fault *f)
{
	struct row row;

	raw->n = 0;
	if (!store_row(t->store, f, &row, "SELECT kind, recipient, mid, made, digest FROM outbox"
	    " WHERE state = 'waiting' ORDER BY position"))
		return false;
	while (row.found) {
		list_add(&waiting_element, l, raw, &(struct waiting){
		    choice_of(&receipt_kinds, row_text(&row, 0)), row_text(&row, 1),
		    row_text(&row, 2), row_int(&row, 3), row_bytes(&row, 4) });
		if (!store_next(t->store, f, &row))
			return false;
	}
	return true;
}

/* --- settled ------------------------------------------------------------------------- */

struct kept {			/* one that waits, or was settled not long ago */
	uint64_t kind, made;
	char to[NAME_BYTES + 1], mid[MID_ID_MAX + 1];
	bool acknowledged;
};

static bool
find(const struct tre *t, struct bytes digest, const char *where, struct kept *k, struct fault *f)
{
	struct row row;
	bool ok;

	if (!store_row(t->store, f, &row, "SELECT kind, made, recipient, mid, state FROM outbox"
	    " WHERE digest = ?1", V_BYTES(digest)))
		return false;
	if (!row.found)
		return fault_refuse(f, "unknown-receipt", where, "is of nothing that waits here");
	k->kind = choice_of(&receipt_kinds, row_text(&row, 0));
	k->made = row_int(&row, 1);
	ok = text_copy(row_text(&row, 2), k->to, sizeof k->to) &&
	    text_copy(row_text(&row, 3), k->mid, sizeof k->mid);
	k->acknowledged = text_is(row_text(&row, 4), "acknowledged");
	row_done(&row);
	return ok || fault_world(f, NULL, "tre: a name is too long");
}

/* Only so many are remembered. */
static bool
forget_earlier(const struct tre *t, struct fault *f)
{
	return store_run(t->store, f, NULL, "DELETE FROM outbox WHERE position IN"
	    " (SELECT position FROM outbox WHERE state <> 'waiting' ORDER BY position DESC"
	    " LIMIT -1 OFFSET ?1)", V_INT(SETTLED_MAX));
}

/* Of a MID that was erased nothing has to stay once its operator knows. */
static bool
forget_mid(const struct tre *t, struct bytes digest, struct fault *f)
{
	return store_run(t->store, f, NULL, "DELETE FROM application WHERE state = 'discarded'"
	    " AND (sho, mid) IN (SELECT recipient, mid FROM outbox WHERE digest = ?1"
	    " AND kind = 'discard')", V_BYTES(digest));
}

/* From waiting to that state, as the latest that was. */
static bool
settle(const struct tre *t, struct bytes digest, const char *state, struct fault *f)
{
	uint64_t changed;

	if (!store_run(t->store, f, &changed, "UPDATE outbox SET state = ?2, outcome = NULL,"
	    " object = x'', position = (SELECT max(position) + 1 FROM outbox)"
	    " WHERE digest = ?1 AND state = 'waiting'", V_BYTES(digest), V_TEXT(text_of(state))))
		return false;
	return changed == 0 || (forget_mid(t, digest, f) && forget_earlier(t, f));
}

bool
outbox_withdraw(const struct tre *t, struct bytes object, struct fault *f)
{
	uint8_t digest[DIGEST_LEN];

	signed_digest(&object, 1, digest);
	return settle(t, BYTES(digest), "dropped", f);
}

bool
outbox_settle(const struct tre *t, const struct ack *a, uint64_t kind, struct fault *f)
{
	struct row row;
	bool ours;

	if (!store_row(t->store, f, &row, "SELECT 1 FROM outbox WHERE digest = ?1 AND kind = ?2"
	    " AND recipient = ?3", V_BYTES(a->digest), V_TEXT(word_of(kind)), V_TEXT(a->by)))
		return false;
	ours = row.found;
	row_done(&row);
	return !ours || settle(t, a->digest, "acknowledged", f);
}

/* --- acks -------------------------------------------------------------------------- */

/* The claims alone, to see what it is of, and so who must have signed it. */
static bool
read_claims(struct bytes encoded, struct ack *a, struct fault *f)
{
	struct cose_sign1 outer;

	return record_decode(&ack_record, &outer, encoded, f) &&
	    record_decode(&ack_claims_record, a, outer.payload, f);
}

/* The ack becomes part of what the device reports next. */
static bool
switch_waits(const struct tre *t, struct bytes digest, bool *waits, struct fault *f)
{
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT 1 FROM switch WHERE state = 'discarding'"
	    " AND notice = ?1", V_BYTES(digest)))
		return false;
	*waits = row.found;
	row_done(&row);
	return true;
}

static bool
is_for(const struct tre *t, const struct ack *a, const struct kept *k, uint64_t now,
    struct fault *f)
{
	struct tre_device d;
	bool waits;

	if (!text_is(a->by, k->to))
		return fault_refuse(f, "wrong-recipient", "ack.by", "is not %s, whom it was for",
		    k->to);
	if (!tre_device(t, &d, f))
		return false;
	if (!bytes_equal(a->ueid, d.ueid))
		return fault_refuse(f, "wrong-device", "ack.ueid", "is another device's");
	if (!signed_in_time("ack", a->iat, 0, now, f) || !switch_waits(t, a->digest, &waits, f))
		return false;
	return !waits || fault_refuse(f, "switch-under-way", "ack.digest",
	    "is what a change of operator waits for, see sho-switch");
}

bool
outbox_ack(const struct tre *t, struct trust *anchors, struct bytes encoded, uint64_t now,
    struct fault *f)
{
	static const struct record *const by[] = {
		[RECEIPT_REPORT] = &dpf_ack_record, [RECEIPT_DISCARD] = &ack_record,
	};
	struct kept k;
	struct ack a;

	return read_claims(encoded, &a, f) && find(t, a.digest, "ack.digest", &k, f) &&
	    signed_open(encoded, by[k.kind], anchors, now, &a, NULL, f) &&
	    is_for(t, &a, &k, now, f) && outbox_settle(t, &a, k.kind, f);
}

/* --- dropping ---------------------------------------------------------------------- */

bool
outbox_drop(const struct tre *t, struct bytes digest, bool force, char lost[static LOST_BYTES],
    struct fault *f)
{
	char when[WHEN_LEN];
	struct kept k;

	if (!find(t, digest, "--drop", &k, f))
		return false;
	snprintf(lost, LOST_BYTES, "%s for %s about %s, made at %s,",
	    receipt_kinds.words[k.kind - 1], k.to, k.mid, when_spell(k.made, when));
	if (k.acknowledged)
		lost[0] = '\0';
	else if (!force)
		return fault_refuse(f, "unacknowledged", NULL, "%s is not acknowledged", lost);
	return settle(t, digest, "dropped", f);
}
