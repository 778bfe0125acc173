/* SPDX-License-Identifier: Apache-2.0 */
#include "role/application.h"

#include "msg/evidence.h"
#include "msg/subscriber.h"
#include "role/outbox.h"
#include "role/slot.h"

static bool
same_application(const struct tre *t, const struct application *a, const uint8_t digest[static DIGEST_LEN],
    struct fault *f)
{
	struct row row;
	bool same;

	if (!store_row(t->store, f, &row, "SELECT digest FROM application WHERE identity = ?1"
	    " AND state <> 'discarded'", V_TEXT(a->identity)))
		return false;
	same = row.found && bytes_equal(row_bytes(&row, 0), (struct bytes){ digest, DIGEST_LEN });
	row_done(&row);
	return same || fault_refuse(f, "already-known", NULL, a->pcid ?
	    "the TRE holds another PCID" : "the TRE holds such a MID already");
}

/* A PCID that a registration brought is not active at once: the old one is there. */
bool
application_add(const struct tre *t, const struct application *a, struct fault *f)
{
	static struct buf sealed;
	uint8_t digest[DIGEST_LEN];
	uint64_t added;

	digest_sha256(a->object, digest);
	sealed.n = 0;
	tre_seal(t, "application", a->identity, a->object, &sealed);
	if (!store_run(t->store, f, &added, "INSERT INTO application VALUES(?1, ?2, ?3, ?4, ?5,"
	    " CASE WHEN ?2 <> 'pcid' THEN 'created' WHEN ?10 IS NULL THEN 'active' ELSE 'installed' END,"
	    " ?6, ?7, ?8, ?9, ?10, ?11, NULL)"
	    " ON CONFLICT DO NOTHING", V_TEXT(a->identity),
	    V_TEXT(text_of(a->pcid ? "pcid" : a->isim ? "isim" : "usim")),
	    V_TEXT(a->ro), V_TEXT(a->sho), V_TEXT(a->mid), V_INT(a->not_before), V_INT(a->not_after),
	    V_BYTES(buf_bytes(&sealed)), V_BYTES(BYTES(digest)), V_BYTES(a->nonce),
	    V_INT(a->counter)))
		return false;
	return added == 1 || same_application(t, a, digest, f);
}

bool
application_open(const struct tre *t, struct text identity, uint64_t now, struct buf *object,
    struct fault *f)
{
	struct row row;
	bool ok;

	if (!store_row(t->store, f, &row, "SELECT state, not_before, not_after, sealed, kind = 'pcid'"
	    " FROM application WHERE identity = ?1", V_TEXT(identity)))
		return false;
	if (!row.found)
		return fault_refuse(f, "unknown-identity", NULL, "the TRE holds no %.*s", (int)identity.n,
		    identity.p);
	if (row_int(&row, 4) && text_is(row_text(&row, 0), "discarded"))
		ok = fault_refuse(f, "not-active", NULL, "another PCID has taken the place of %.*s",
		    (int)identity.n, identity.p);
	else if (!row_int(&row, 4) && !text_is(row_text(&row, 0), "active"))
		ok = fault_refuse(f, "not-active", NULL, "%.*s is not the active MID", (int)identity.n, identity.p);
	else
		ok = subscriber_in_time(identity, row_int(&row, 1), row_int(&row, 2), now, f) &&
		    tre_unseal(t, "application", identity, row_bytes(&row, 3), object, f);
	row_done(&row);
	return ok;
}

bool
application_attaching(const struct tre *t, enum attach_as as, uint64_t now, struct text *identity,
    struct fault *f)
{
	struct fault why;
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT identity, not_before, not_after FROM application"
	    " WHERE CASE kind WHEN 'usim' THEN state = 'active' AND ?1 = 0"
	    " WHEN 'pcid' THEN state = 'active' OR (state = 'installed' AND ?1 <> 2) ELSE false END"
	    " ORDER BY kind = 'usim' DESC, state = 'installed' DESC", V_INT(as)))
		return false;
	if (!row.found)
		return fault_refuse(f, "no-identity", NULL, "the TRE holds neither MID nor PCID");
	while (row.found) {
		*identity = row_text(&row, 0);
		if (subscriber_in_time(*identity, row_int(&row, 1), row_int(&row, 2), now, &why))
			return true;
		if (!store_next(t->store, f, &row))
			return false;
	}
	*f = why;
	return false;
}

bool
application_pcid(const struct tre *t, struct text wanted, struct text *identity, struct text *ro,
    struct fault *f)
{
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT identity, ro FROM application WHERE kind = 'pcid'"
	    " AND state <> 'discarded' ORDER BY identity = ?1 DESC", V_TEXT(wanted)))
		return false;
	if (!row.found)
		return fault_refuse(f, "no-pcid", NULL, "the TRE holds no PCID; see tre-load");
	*identity = row_text(&row, 0);
	*ro = row_text(&row, 1);
	return true;
}

bool
application_read_card(const struct tre *t, struct text identity, struct aka_card *card, struct fault *f)
{
	struct row row;

	*card = (struct aka_card){ 0 };
	if (!store_row(t->store, f, &row, "SELECT ind, seq FROM slot WHERE identity = ?1", V_TEXT(identity)))
		return false;
	while (row.found) {
		if (row_int(&row, 0) < AKA_SLOTS_MAX)
			card->seq[row_int(&row, 0)] = row_int(&row, 1);
		if (!store_next(t->store, f, &row))
			return false;
	}
	return true;
}

bool
application_write_slot(const struct tre *t, struct text identity, uint64_t ind, uint64_t seq, struct fault *f)
{
	return store_run(t->store, f, NULL, "INSERT INTO slot VALUES(?1, ?2, ?3)"
	    " ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)", V_TEXT(identity), V_INT(ind),
	    V_INT(seq));
}

/* --- inventory ------------------------------------------------------------------------ */

static bool
list_mids(const struct tre *t, struct list *l, struct buf *raw, struct fault *f)
{
	struct row row;

	raw->n = 0;
	if (!store_row(t->store, f, &row, "SELECT mid, sho, identity, state FROM application"
	    " WHERE kind <> 'pcid' AND state <> 'discarded' ORDER BY sho, mid"))
		return false;
	while (row.found) {
		list_add(&stored_mid_element, l, raw, &(struct stored_mid){ row_text(&row, 0),
		    row_text(&row, 1), row_text(&row, 2), slot_state(row_text(&row, 3)) });
		if (!store_next(t->store, f, &row))
			return false;
	}
	return true;
}

static bool
describe_pcid(const struct tre *t, struct inventory *i, struct fault *f)
{
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT a.identity, a.not_after, n.identity, n.not_after"
	    " FROM application a LEFT JOIN application n ON n.kind = 'pcid' AND n.state = 'installed'"
	    " WHERE a.kind = 'pcid' AND a.state = 'active'"))
		return false;
	if (row.found) {
		i->pcid = row_text(&row, 0);
		i->pcid_not_after = row_int(&row, 1);
		i->new_pcid = row_text(&row, 2);
		i->new_pcid_not_after = row_int(&row, 3);
	}
	return true;
}

static bool
describe_switch(const struct tre *t, struct inventory *i, struct fault *f)
{
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT state, sho FROM switch"))
		return false;
	if (row.found) {
		i->switching = choice_of(&switch_states, row_text(&row, 0));
		i->switching_to = row_text(&row, 1);
	}
	return true;
}

static bool
count_anchors(const struct tre *t, uint64_t *n, struct fault *f)
{
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT count(*) FROM anchor"))
		return false;
	*n = row_int(&row, 0);
	row_done(&row);
	return true;
}

bool
application_inventory(const struct tre *t, void (*put)(const struct inventory *), struct fault *f)
{
	static struct buf mids, waiting;
	uint8_t fingerprint[DIGEST_LEN];
	struct inventory i = { .tre_class = tre_class(t) };
	struct tre_device d;

	if (!tre_device(t, &d, f) || !describe_pcid(t, &i, f) || !describe_switch(t, &i, f) ||
	    !count_anchors(t, &i.anchors, f) || !list_mids(t, &i.mids, &mids, f) ||
	    !outbox_list(t, &i.waiting, &waiting, f))
		return false;
	i.ueid = d.ueid;
	i.serial = d.serial;
	if (d.plc.p != NULL) {
		digest_sha256(d.plc, fingerprint);
		i.plc = BYTES(fingerprint);
	}
	put(&i);
	return true;
}
