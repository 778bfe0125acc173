/* SPDX-License-Identifier: Apache-2.0 */
#include "role/m2mes.h"

#include "base/when.h"

/* --- issuing ------------------------------------------------------------------ */

static void
add_number(struct buf *out, uint64_t n)
{
	for (int i = 56; i >= 0; i -= 8)
		buf_add(out, (struct bytes){ (const uint8_t[]){ (uint8_t)(n >> i) }, 1 });
}

void
m2mes_begin(struct m2mes *m, uint64_t not_before, uint64_t not_after, uint64_t now)
{
	struct buf asked = { 0 };

	cert_issuer_id(&m->form.issuer.cert, m->issuer);
	add_number(&asked, not_before);
	add_number(&asked, not_after);
	buf_add(&asked, buf_bytes(&m->form.state));
	digest_sha256(buf_bytes(&asked), m->asked);
	buf_free(&asked);
	m->now = now;
	m->not_after = not_after;
}

struct device {			/* a request, as the ledger knows devices */
	const struct csr *csr;
	struct bytes ueid;
	uint8_t key[DIGEST_LEN], asked[DIGEST_LEN];
	bool held;		/* it has a credential that holds */
};

static void
identify(const struct m2mes *m, const struct csr *csr, struct device *d)
{
	uint8_t point[2 * COORDINATE], asked[DIGEST_LEN + NAME_MAX_X509];
	size_t n = strlen(csr->serial);

	*d = (struct device){ .csr = csr, .ueid = { csr->ueid, csr->ueid_n } };
	memcpy(point, csr->x, COORDINATE);
	memcpy(point + COORDINATE, csr->y, COORDINATE);
	digest_sha256(BYTES(point), d->key);
	memcpy(asked, m->asked, DIGEST_LEN);
	memcpy(asked + DIGEST_LEN, csr->serial, n);
	digest_sha256((struct bytes){ asked, DIGEST_LEN + n }, d->asked);
}

/* What holds for the device: to be given again (*again), to be superseded, or in the way. */
static bool
look_up(struct m2mes *m, struct device *d, struct buf *out, bool *again, struct fault *f)
{
	struct row row;
	bool other_key;
	char digits[HEX_MAX];

	*again = false;
	if (!store_row(m->ledger, f, &row, "SELECT key, asked, object FROM plc"
	    " WHERE issuer = ?1 AND ueid = ?2 AND reason IS NULL", V_BYTES(BYTES(m->issuer)),
	    V_BYTES(d->ueid)))
		return false;
	if (!(d->held = row.found))
		return true;
	other_key = !bytes_equal(row_bytes(&row, 0), BYTES(d->key));
	if (!other_key && bytes_equal(row_bytes(&row, 1), BYTES(d->asked))) {
		buf_add(out, row_bytes(&row, 2));
		*again = true;
	}
	row_done(&row);
	return !other_key || m->rekey || fault_refuse(f, "already-known", NULL,
	    "UEID %s is known with another key", hex(d->ueid, digits));
}

/*
 * A device that is left with a revoked one gets another only by --rekey, and never for the same
 * key.
 */
static bool
not_revoked(struct m2mes *m, const struct device *d, struct fault *f)
{
	struct row row;
	bool revoked, same_key, compromised;
	char digits[HEX_MAX];

	if (!store_row(m->ledger, f, &row,
	    "SELECT max(reason <> 4), max(reason <> 4 AND key = ?3) FROM plc"
	    " WHERE issuer = ?1 AND ueid = ?2 AND reason IS NOT NULL",
	    V_BYTES(BYTES(m->issuer)), V_BYTES(d->ueid), V_BYTES(BYTES(d->key))))
		return false;
	revoked = row_int(&row, 0) == 1;
	same_key = row_int(&row, 1) == 1;
	row_done(&row);
	if (same_key || (revoked && !d->held && !m->rekey))
		return fault_refuse(f, "revoked", NULL, "the credential of UEID %s is revoked",
		    hex(d->ueid, digits));
	if (!store_row(m->ledger, f, &row, "SELECT 1 FROM plc WHERE key = ?1 AND reason = 1",
	    V_BYTES(BYTES(d->key))))
		return false;
	compromised = row.found;
	row_done(&row);
	return !compromised || fault_refuse(f, "revoked", NULL,
	    "the key is known to be compromised");
}

static bool
supersede(struct m2mes *m, const struct device *d, struct fault *f)
{
	return store_run(m->ledger, f, NULL, "UPDATE plc SET reason = 4, since = ?3"
	    " WHERE issuer = ?1 AND ueid = ?2 AND reason IS NULL", V_BYTES(BYTES(m->issuer)),
	    V_BYTES(d->ueid), V_INT(m->now));
}

static bool
key_is_free(struct m2mes *m, const struct device *d, struct fault *f)
{
	struct row row;
	bool free;

	if (!store_row(m->ledger, f, &row,
	    "SELECT 1 FROM plc WHERE issuer = ?1 AND key = ?2 AND reason IS NULL",
	    V_BYTES(BYTES(m->issuer)), V_BYTES(BYTES(d->key))))
		return false;
	free = !row.found;
	row_done(&row);
	return free || fault_refuse(f, "already-known", NULL, "the key is known with another UEID");
}

/* Until its serial number is one that never was. */
static bool
issue_new(struct m2mes *m, const struct device *d, struct buf *out, struct fault *f)
{
	uint8_t serial[PLC_SERIAL];
	uint64_t added = 0;
	size_t start = out->n;

	while (added == 0) {
		out->n = start;
		plc_draw_serial(serial);
		plc_issue(&m->form, d->csr, serial, out);
		if (!store_run(m->ledger, f, &added,
		    "INSERT INTO plc(serial, issuer, ueid, key, asked, not_after,"
		    " object) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
		    V_BYTES(BYTES(serial)), V_BYTES(BYTES(m->issuer)), V_BYTES(d->ueid),
		    V_BYTES(BYTES(d->key)), V_BYTES(BYTES(d->asked)), V_INT(m->not_after),
		    V_BYTES(((struct bytes){ out->p + start, out->n - start }))))
			return false;
		if (added == 0 && !key_is_free(m, d, f))
			return false;
	}
	return true;
}

bool
m2mes_issue(struct m2mes *m, const struct csr *csr, struct buf *out, struct fault *f)
{
	struct device d;
	bool again;

	identify(m, csr, &d);
	if (!look_up(m, &d, out, &again, f))
		return false;
	return again || (not_revoked(m, &d, f) && (!d.held || supersede(m, &d, f)) &&
	    issue_new(m, &d, out, f));
}

/* --- revoking ----------------------------------------------------------------- */

struct entry {			/* what became of a serial number */
	struct revocation is;
	bool same;		/* the certificate is the one that was issued */
};

static bool
find_entry(struct store *ledger, struct bytes serial, struct bytes object, struct entry *e,
    struct fault *f)
{
	struct row row;

	if (!store_row(ledger, f, &row,
	    "SELECT reason IS NOT NULL, reason, object FROM plc WHERE serial = ?1",
	    V_BYTES(serial)))
		return false;
	*e = (struct entry){ .is.known = row.found };
	if (row.found) {
		e->is.revoked = row_int(&row, 0) == 1;
		e->is.reason = (unsigned)row_int(&row, 1);
		e->same = object.p == NULL || bytes_equal(row_bytes(&row, 2), object);
	}
	row_done(&row);
	return true;
}

static bool
already_revoked(const struct entry *e, struct fault *f)
{
	return fault_refuse(f, "already-revoked", NULL, "was revoked before, reason %s",
	    reason_spell(e->is.reason));
}

/* Another credential may have been issued meanwhile: then there is nothing to go back to. */
static bool
lift_hold(struct store *ledger, struct bytes serial, const struct entry *e, struct fault *f)
{
	uint64_t changed;

	if (!e->is.revoked)
		return true;
	if (!store_run(ledger, f, &changed, "UPDATE OR IGNORE plc SET reason = NULL, since = NULL"
	    " WHERE serial = ?1 AND reason = 6", V_BYTES(serial)))
		return false;
	return changed == 1 || already_revoked(e, f);
}

/* What is final stays, but for a key that turns out to be compromised. */
static bool
mark(struct store *ledger, struct bytes serial, const struct entry *e, unsigned reason,
    uint64_t now, struct fault *f)
{
	uint64_t changed;

	if (!store_run(ledger, f, &changed,
	    "UPDATE plc SET reason = ?2, since = coalesce(since, ?3)"
	    " WHERE serial = ?1 AND (reason IS NULL OR reason IN (?2, 6) OR ?2 = 1)",
	    V_BYTES(serial), V_INT(reason), V_INT(now)))
		return false;
	if (changed == 0)
		return already_revoked(e, f);
	return reason != REASON_KEY_COMPROMISE ||
	    store_run(ledger, f, NULL, "UPDATE plc SET reason = 1, since = ?2"
	    " WHERE (issuer, key) = (SELECT issuer, key FROM plc WHERE serial = ?1)"
	    " AND reason IS NULL", V_BYTES(serial), V_INT(now));
}

bool
m2mes_revoke(struct store *ledger, struct bytes serial, struct bytes object, unsigned reason,
    uint64_t now, struct fault *f)
{
	struct entry e;
	char digits[HEX_MAX];

	if (!find_entry(ledger, serial, object, &e, f))
		return false;
	if (!e.is.known)
		return fault_refuse(f, "unknown-plc", NULL, "serial number %s is not in the ledger",
		    hex(serial, digits));
	if (!e.same)
		return fault_refuse(f, "unknown-plc", NULL,
		    "serial number %s is another certificate's", hex(serial, digits));
	return reason == REASON_REMOVE ? lift_hold(ledger, serial, &e, f) :
	    mark(ledger, serial, &e, reason, now, f);
}

/* --- telling ------------------------------------------------------------------ */

struct bytes
m2mes_row(const struct row *row, struct revocation *r)
{
	*r = (struct revocation){ .known = true, .revoked = row_int(row, 1) == 1,
	    .reason = (unsigned)row_int(row, 2), .since = row_int(row, 3) };
	return row_bytes(row, 0);
}

bool
m2mes_status(struct store *ledger, const uint8_t issuer[static DIGEST_LEN], struct bytes serial,
    struct revocation *r, struct fault *f)
{
	struct row row;

	*r = (struct revocation){ 0 };
	if (!store_row(ledger, f, &row, "SELECT serial, reason IS NOT NULL, reason, since FROM plc"
	    " WHERE serial = ?1 AND issuer = ?2", V_BYTES(serial), V_BYTES(((struct bytes){ issuer,
	    DIGEST_LEN }))))
		return false;
	if (row.found)
		m2mes_row(&row, r);
	row_done(&row);
	return true;
}

bool
m2mes_next_crl(struct store *ledger, const uint8_t issuer[static DIGEST_LEN], uint64_t *number,
    struct fault *f)
{
	struct row row;

	if (!store_row(ledger, f, &row, "INSERT INTO supplier(issuer, crl) VALUES(?1, 1)"
	    " ON CONFLICT DO UPDATE SET crl = crl + 1 RETURNING crl",
	    V_BYTES(((struct bytes){ issuer, DIGEST_LEN }))))
		return false;
	*number = row_int(&row, 0);
	row_done(&row);
	return true;
}

bool
m2mes_revoked(struct store *ledger, const uint8_t issuer[static DIGEST_LEN], struct row *row,
    struct fault *f)
{
	return store_row(ledger, f, row,
	    "SELECT serial, 1, reason, since FROM plc INDEXED BY plc_revoked"
	    " WHERE issuer = ?1 AND reason IS NOT NULL ORDER BY ueid, plc.rowid",
	    V_BYTES(((struct bytes){ issuer, DIGEST_LEN })));
}

bool
m2mes_issued(struct store *ledger, const uint8_t issuer[static DIGEST_LEN], struct row *row,
    struct fault *f)
{
	return store_row(ledger, f, row,
	    "SELECT serial, reason IS NOT NULL, reason, since FROM plc NOT INDEXED"
	    " WHERE issuer = ?1 ORDER BY plc.rowid", V_BYTES(((struct bytes){ issuer,
	    DIGEST_LEN })));
}
