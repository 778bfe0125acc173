/* SPDX-License-Identifier: Apache-2.0 */
#include "role/rekey.h"

#include "crypto/digest.h"
#include "crypto/secret.h"

bool
rekey_find(const struct tre *t, struct text sho, struct text mid, struct slot *s,
    struct fault *f)
{
	return slot_find(t, sho, mid, s, f) && (s->state != MID_DISCARDED || fault_refuse(f,
	    "illegal-state", NULL, "%s is discarded, and cannot be updated", s->mid));
}

/* With the new one's credential and trial the old one must be the new one. */
static bool
differs_in_key(struct bytes old_object, const struct mid *new, struct bytes object, struct fault *f)
{
	static struct buf both;
	struct mid old;
	bool ok;

	if (!record_decode(&mid_record, &old, old_object, f))
		return false;
	old.usim.credential = new->usim.credential;
	old.isim.credential = new->isim.credential;
	old.trial = new->trial;
	buf_wipe(&both);
	record_encode(&mid_record, &old, &both);
	ok = secret_equal(buf_bytes(&both), object);
	buf_wipe(&both);
	return ok || fault_refuse(f, "wrong-mid", "mid",
	    "differs in more than its credential from the one that is here");
}

/* It may have come before, by another package: then what was before it stays what it was. */
static bool
is_new(const struct tre *t, const struct slot *s, const struct mid *mid, struct bytes object,
    struct bytes digest, bool *new, struct fault *f)
{
	static struct buf old;
	struct text identity = text_of(s->identity);
	struct row row;
	bool ok = true;

	if (!store_row(t->store, f, &row, "SELECT sealed, digest FROM application"
	    " WHERE identity = ?1", V_TEXT(identity)))
		return false;
	buf_wipe(&old);
	*new = !bytes_equal(row_bytes(&row, 1), digest);
	if (*new)
		ok = tre_unseal(t, "application", identity, row_bytes(&row, 0), &old, f) &&
		    differs_in_key(buf_bytes(&old), mid, object, f);
	row_done(&row);
	buf_wipe(&old);
	return ok;
}

bool
rekey(const struct tre *t, const struct slot *s, const struct mid *mid, struct bytes object,
    struct fault *f)
{
	static struct buf sealed;
	struct text identity = text_of(s->identity);
	uint8_t digest[DIGEST_LEN];
	bool new;

	digest_sha256(object, digest);
	if (!is_new(t, s, mid, object, BYTES(digest), &new, f))
		return false;
	if (!new)
		return true;
	sealed.n = 0;
	tre_seal(t, "application", identity, object, &sealed);
	return store_run(t->store, f, NULL, "UPDATE application SET previous = sealed, sealed = ?2,"
	    " digest = ?3 WHERE identity = ?1", V_TEXT(identity), V_BYTES(buf_bytes(&sealed)),
	    V_BYTES(BYTES(digest)));
}

bool
rekey_previous(const struct tre *t, struct text identity, struct buf *object, bool *found,
    struct fault *f)
{
	struct row row;
	bool ok;

	if (!store_row(t->store, f, &row, "SELECT previous FROM application WHERE identity = ?1"
	    " AND previous IS NOT NULL", V_TEXT(identity)))
		return false;
	if (!(*found = row.found))
		return true;
	ok = tre_unseal(t, "application", identity, row_bytes(&row, 0), object, f);
	row_done(&row);
	return ok;
}

bool
rekey_proven(const struct tre *t, struct text identity, struct fault *f)
{
	return store_run(t->store, f, NULL, "UPDATE application SET previous = NULL"
	    " WHERE identity = ?1 AND previous IS NOT NULL", V_TEXT(identity));
}
