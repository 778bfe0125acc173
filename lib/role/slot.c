/* SPDX-License-Identifier: Apache-2.0 */
#include "role/slot.h"

#include "base/die.h"
#include "msg/subscriber.h"
#include "role/unwrap.h"

uint64_t
slot_state(struct text word)
{
	uint64_t state = choice_of(&mid_states, word);

	if (state == 0)
		die_world("tre: a MID is in no state");
	return state;
}

static bool
copy(const struct row *row, int column, char *out, size_t size, struct fault *f)
{
	return text_copy(row_text(row, column), out, size) ||
	    fault_world(f, NULL, "tre: a name is too long, or missing");
}

static bool
read_slot(struct row *row, struct slot *s, struct fault *f)
{
	bool ok = copy(row, 0, s->identity, sizeof s->identity, f) &&
	    copy(row, 1, s->sho, sizeof s->sho, f) && copy(row, 2, s->mid, sizeof s->mid, f) &&
	    copy(row, 3, s->pcid, sizeof s->pcid, f);

	memcpy(s->nonce, row_bytes(row, 4).p, NONCE_BYTES);
	s->counter = row_int(row, 5);
	s->state = slot_state(row_text(row, 6));
	s->not_before = row_int(row, 7);
	s->not_after = row_int(row, 8);
	s->usim = row_int(row, 9);
	row_done(row);
	return ok;
}

#define SLOTS "SELECT a.identity, a.sho, a.mid, p.pcid, a.nonce, a.counter, a.state," \
	" a.not_before, a.not_after, a.kind = 'usim' FROM application a JOIN provisioning p USING(nonce)" \
	" WHERE a.kind <> 'pcid'"

bool
slot_find(const struct tre *t, struct text sho, struct text mid, struct slot *out, struct fault *f)
{
	struct row row;

	if (!store_row(t->store, f, &row, SLOTS " AND a.sho = ?1 AND a.mid = ?2", V_TEXT(sho),
	    V_TEXT(mid)))
		return false;
	if (!row.found)
		return fault_refuse(f, "unknown-mid", NULL, "the TRE holds no %.*s of %.*s", (int)mid.n, mid.p,
		    (int)sho.n, sho.p);
	return read_slot(&row, out, f);
}

bool
slot_brought(const struct tre *t, struct bytes nonce, struct slot *out, struct fault *f)
{
	struct row row;

	if (!store_row(t->store, f, &row, SLOTS " AND a.nonce = ?1", V_BYTES(nonce)))
		return false;
	if (!row.found)
		return fault_refuse(f, "unknown-mid", NULL, "that registration brought no MID");
	return read_slot(&row, out, f);
}

bool
slot_active(const struct tre *t, struct slot *out, bool *found, struct fault *f)
{
	struct row row;

	if (!store_row(t->store, f, &row, SLOTS " AND a.kind = 'usim' AND a.state = 'active'"))
		return false;
	return !(*found = row.found) || read_slot(&row, out, f);
}

/* --- states ------------------------------------------------------------------------ */

static const bool legal[MID_DISCARDED + 1][MID_DISCARDED + 1] = {	/* [from][to] */
	[MID_CREATED] = { [MID_INSTALLED] = true, [MID_DISCARDED] = true },
	[MID_INSTALLED] = { [MID_ACTIVE] = true, [MID_DISCARDED] = true },
	[MID_ACTIVE] = { [MID_INACTIVE] = true, [MID_DISCARDED] = true },
	[MID_INACTIVE] = { [MID_ACTIVE] = true, [MID_DISCARDED] = true },
};

bool
slot_forget(const struct tre *t, struct text identity, struct fault *f)
{
	return store_run(t->store, f, NULL, "UPDATE application SET sealed = x'', previous = NULL"
	    " WHERE identity = ?1",
	    V_TEXT(identity)) &&
	    store_run(t->store, f, NULL, "DELETE FROM slot WHERE identity = ?1", V_TEXT(identity));
}

bool
slot_move(const struct tre *t, const struct slot *s, uint64_t to, struct fault *f)
{
	const char *from = mid_states.words[s->state - 1];
	struct text identity = text_of(s->identity);
	uint64_t changed;

	if (!legal[s->state][to])
		return fault_refuse(f, "illegal-state", NULL, "%s is %s, and cannot become %s", s->mid, from,
		    mid_states.words[to - 1]);
	if (!store_run(t->store, f, &changed, "UPDATE application SET state = ?3 WHERE identity = ?1"
	    " AND state = ?2", V_TEXT(identity), V_TEXT(text_of(from)),
	    V_TEXT(text_of(mid_states.words[to - 1]))))
		return false;
	if (changed != 1)
		return fault_world(f, NULL, "tre: %s is not %s any more", s->mid, from);
	return to != MID_DISCARDED || slot_forget(t, identity, f);
}

bool
slot_in_time(const struct slot *s, uint64_t now, struct fault *f)
{
	return subscriber_in_time(text_of(s->mid), s->not_before, s->not_after, now, f);
}

/* *mid: views of object, which is secret. */
static bool
read_mid(const struct tre *t, const struct slot *s, struct buf *object, struct mid *mid,
    struct fault *f)
{
	struct row row;
	bool ok;

	if (!store_row(t->store, f, &row, "SELECT sealed FROM application WHERE identity = ?1",
	    V_TEXT(text_of(s->identity))))
		return false;
	buf_wipe(object);
	ok = tre_unseal(t, "application", text_of(s->identity), row_bytes(&row, 0), object, f) &&
	    record_decode(&mid_record, mid, buf_bytes(object), f);
	row_done(&row);
	return ok;
}

static bool
read_policy(const struct tre *t, const struct slot *s, struct mid_policy *p, struct fault *f)
{
	static struct buf object;
	struct mid mid;
	bool ok = read_mid(t, s, &object, &mid, f);

	if (ok)
		*p = mid.policy;
	buf_wipe(&object);
	return ok;
}

bool
slot_try(const struct tre *t, const struct slot *s, struct fault *f)
{
	static struct buf object;
	struct mid mid;
	bool ok = read_mid(t, s, &object, &mid, f) && trial_runs(&mid, f);

	buf_wipe(&object);
	return ok;
}

/* A USIM only when its time has come, no other is active, and none is on its way out. */
static bool
may_begin(const struct tre *t, const struct slot *s, uint64_t now, bool *may, struct fault *f)
{
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT 1 FROM application WHERE kind = 'usim'"
	    " AND state = 'active' UNION ALL SELECT 1 FROM switch WHERE state = 'discarding'"))
		return false;
	*may = !s->usim || (!row.found && s->not_before <= now);
	row_done(&row);
	return true;
}

bool
slot_begin(const struct tre *t, struct text sho, struct text mid, uint64_t now, struct fault *f)
{
	struct slot s;
	bool may;

	if (!slot_find(t, sho, mid, &s, f))
		return false;
	if (s.state != MID_CREATED)
		return true;
	if (!slot_try(t, &s, f) || !slot_move(t, &s, MID_INSTALLED, f) ||
	    !may_begin(t, &s, now, &may, f))
		return false;
	s.state = MID_INSTALLED;
	return !may || slot_move(t, &s, MID_ACTIVE, f);
}

/* Without a policy it is the owner's. */
static bool
may(uint64_t party, uint64_t by, const struct slot *s, const char *what, struct fault *f)
{
	if (by == 0)
		by = MID_BY_OWNER;
	return by == MID_BY_EITHER || by == party || fault_refuse(f, "not-permitted", NULL,
	    "%s is for %s alone to have %s", s->mid, by == MID_BY_SHO ? s->sho : "the owner", what);
}

/* Of one that is discarded already there is nothing left to ask. */
bool
slot_may_delete(const struct tre *t, const struct slot *s, uint64_t party, struct fault *f)
{
	struct mid_policy p;

	return s->state == MID_DISCARDED ||
	    (read_policy(t, s, &p, f) && may(party, p.delete_by, s, "deleted", f));
}

bool
slot_may_replace(const struct tre *t, const struct slot *s, struct fault *f)
{
	struct mid_policy p;

	return read_policy(t, s, &p, f) && may(MID_BY_OWNER, p.replace_by, s, "replaced", f);
}

/* --- how many, and what is left ------------------------------------------------------ */

bool
slot_has_room(const struct tre *t, struct text sho, struct fault *f)
{
	struct row row;
	uint64_t held, quota;

	if (!store_row(t->store, f, &row, "SELECT quota, (SELECT count(*) FROM application WHERE sho = ?1"
	    " AND state <> 'discarded') FROM device", V_TEXT(sho)))
		return false;
	quota = row_int(&row, 0);
	held = row_int(&row, 1);
	row_done(&row);
	return held < quota || fault_refuse(f, "quota", "mid-package.sho",
	    "has all the %d MIDs here that an operator may have", (int)quota);
}

bool
slot_way_back(const struct tre *t, const struct slot *without, uint64_t now, struct fault *f)
{
	struct row row;
	bool there;

	if (!store_row(t->store, f, &row, "SELECT 1 FROM application WHERE (state = 'active'"
	    " OR (kind = 'pcid' AND state = 'installed')) AND kind <> 'isim' AND identity <> ?1 AND not_before <= ?2"
	    " AND (not_after = 0 OR not_after > ?2)",
	    V_TEXT(text_of(without->identity)), V_INT(now)))
		return false;
	there = row.found;
	row_done(&row);
	return there || fault_refuse(f, "no-way-back", NULL,
	    "without %s the device has neither a valid PCID nor a valid MID that is active", without->mid);
}
