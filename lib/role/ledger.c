/* SPDX-License-Identifier: Apache-2.0 */
#include "role/ledger.h"

static const char *const schema[] = {
	/* Ranges that PCIDs and IMSIs are taken from. */
	"CREATE TABLE range(name TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT, WITHOUT ROWID;"

	/* ICF: who can be authenticated. object: the pcid or mid as it was loaded; seq: the last one used. */
	"CREATE TABLE identity("
	"  identity TEXT PRIMARY KEY,"
	"  state TEXT NOT NULL CHECK(state IN ('dormant', 'live', 'quarantined')),"
	"  object BLOB NOT NULL,"
	"  seq INTEGER NOT NULL CHECK(seq >= 0),"
	"  not_before INTEGER NOT NULL, not_after INTEGER NOT NULL,"
	"  apns BLOB, apn_count INTEGER NOT NULL,"
	"  destinations BLOB, destination_count INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	/* The index (IND) that each network that asks for vectors counts in. */
	"CREATE TABLE node(plmn TEXT PRIMARY KEY, ind INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	/* What was answered: the same request again gets the same vectors. */
	"CREATE TABLE answered("
	"  request BLOB PRIMARY KEY, digest BLOB NOT NULL,"
	"  seq INTEGER NOT NULL, ind INTEGER NOT NULL, rands BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;"
	/* The AUTS of cards that were taken: each says once where its card is. */
	"CREATE TABLE resync("
	"  identity TEXT NOT NULL, auts BLOB NOT NULL, PRIMARY KEY(identity, auts)"
	") STRICT, WITHOUT ROWID;"

	/* DRF: which operator a PCID belongs to, by its longest prefix. */
	"CREATE TABLE drf("
	"  prefix TEXT PRIMARY KEY, sho TEXT NOT NULL, sho_address TEXT,"
	"  dpf TEXT NOT NULL, dpf_address TEXT, pva TEXT NOT NULL, pva_address TEXT"
	") STRICT, WITHOUT ROWID;"
	/* A PCID belongs to the first device that was provisioned with it. */
	"CREATE TABLE device(pcid TEXT PRIMARY KEY, ueid BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	/* DRF and DPF: each provisioning, by its registration nonce. referral, asked, report: digests. */
	"CREATE TABLE registration("
	"  nonce BLOB PRIMARY KEY, referral BLOB NOT NULL UNIQUE,"
	"  pcid TEXT NOT NULL, ueid BLOB NOT NULL, sho TEXT NOT NULL, dpf TEXT NOT NULL,"
	"  expires INTEGER NOT NULL,"
	"  state TEXT NOT NULL CHECK(state IN ('registered', 'delivered', 'reported')),"
	"  registration BLOB NOT NULL,"
	"  asked BLOB, delivery BLOB, mid TEXT, counter INTEGER, report BLOB"
	") STRICT, WITHOUT ROWID;"

	/*
	 * SHO: each registration nonce is authorised once and gets one package.  asked: the nonce, or of
	 * what was prepared ahead of time the digest of all it was made from.
	 */
	"CREATE TABLE authorized("
	"  nonce BLOB PRIMARY KEY, digest BLOB NOT NULL, object BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE package("
	"  asked BLOB PRIMARY KEY, digest BLOB NOT NULL, mid TEXT NOT NULL UNIQUE, object BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE counter(pcid TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;",

	/* M2MES: each CA, by SHA-256 of its name and key, with the number of its last list of those revoked. */
	"CREATE TABLE supplier(issuer BLOB PRIMARY KEY, crl INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	/*
	 * Each platform credential it issued, for ever: a serial number comes once.  key: SHA-256 of the platform
	 * key's point; asked: of what was asked for; reason: CRLReason (RFC 5280 5.3.1), NULL while it holds.
	 */
	"CREATE TABLE plc("
	"  serial BLOB NOT NULL UNIQUE, issuer BLOB NOT NULL, ueid BLOB NOT NULL, key BLOB NOT NULL,"
	"  asked BLOB NOT NULL, not_after INTEGER NOT NULL, object BLOB NOT NULL,"
	"  reason INTEGER, since INTEGER, CHECK((reason IS NULL) = (since IS NULL))"
	") STRICT;"
	/* Of a device, and of a key, one holds at a time. */
	"CREATE UNIQUE INDEX plc_device ON plc(issuer, ueid) WHERE reason IS NULL;"
	"CREATE UNIQUE INDEX plc_key ON plc(issuer, key) WHERE reason IS NULL;"
	"CREATE INDEX plc_revoked ON plc(issuer, ueid) WHERE reason IS NOT NULL;"
	"CREATE INDEX plc_compromised ON plc(key) WHERE reason = 1;",

	/* DPF: that a device left its old operator. digest: of the report. */
	"CREATE TABLE released("
	"  nonce BLOB PRIMARY KEY, digest BLOB NOT NULL, object BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;"
	/* SHO: which device each MID is sealed for; what notices that it was erased were acknowledged with. */
	"CREATE TABLE holder("
	"  mid TEXT PRIMARY KEY, identity TEXT NOT NULL, pcid TEXT NOT NULL, ueid BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE acked(digest BLOB PRIMARY KEY, object BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	/* U/S: the last order of each owner for each device. wanted: a digest of what it asks for. */
	"CREATE TABLE ordered("
	"  owner TEXT NOT NULL, ueid BLOB NOT NULL, last INTEGER NOT NULL,"
	"  wanted BLOB, expires INTEGER, object BLOB, PRIMARY KEY(owner, ueid)"
	") STRICT, WITHOUT ROWID;",

	/* DPF: reports that were passed on, by digest, and what each was acknowledged with. */
	"CREATE TABLE reported("
	"  digest BLOB PRIMARY KEY, nonce BLOB NOT NULL, ack BLOB"
	") STRICT, WITHOUT ROWID;"
	"INSERT INTO reported(digest, nonce) SELECT report, nonce FROM registration"
	" WHERE report IS NOT NULL UNION SELECT digest, nonce FROM released;"
	/* Of each registration, what became of it; and with whom, to be referred there again. */
	"CREATE TABLE registration_4("
	"  nonce BLOB PRIMARY KEY, referral BLOB NOT NULL UNIQUE,"
	"  pcid TEXT NOT NULL, ueid BLOB NOT NULL, sho TEXT NOT NULL, dpf TEXT NOT NULL,"
	"  expires INTEGER NOT NULL,"
	"  state TEXT NOT NULL"
	"  CHECK(state IN ('registered', 'delivered', 'installed', 'activated')),"
	"  registration BLOB NOT NULL,"
	"  asked BLOB, delivery BLOB, mid TEXT, counter INTEGER, report BLOB,"
	"  sho_address TEXT, dpf_address TEXT, pva TEXT, pva_address TEXT"
	") STRICT, WITHOUT ROWID;"
	"INSERT INTO registration_4 SELECT nonce, referral, pcid, ueid, sho, dpf, expires,"
	"  CASE state WHEN 'reported' THEN 'installed' ELSE state END, registration, asked,"
	"  delivery, mid, counter, CASE state WHEN 'reported' THEN report END,"
	"  NULL, NULL, NULL, NULL"
	"  FROM registration;"
	"DROP TABLE registration;"
	"ALTER TABLE registration_4 RENAME TO registration;"
	/* since: when it was set, or became so by a device's report. */
	"ALTER TABLE drf ADD COLUMN since INTEGER NOT NULL DEFAULT 0;"
	/* SHO: the last authorization to delete a MID, by the nonce of the registration that brought it. */
	"CREATE TABLE deletion("
	"  nonce BLOB PRIMARY KEY, expires INTEGER NOT NULL, object BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;"
	/* SHO: the next credential of an identity, until its device reports that it has it. */
	"CREATE TABLE successor("
	"  identity TEXT PRIMARY KEY, object BLOB NOT NULL, content BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;"
	/* The packages with such a one.  asked: the nonce; content: SHA-256 of the object sealed. */
	"CREATE TABLE successor_package("
	"  asked BLOB PRIMARY KEY, digest BLOB NOT NULL, content BLOB NOT NULL, object BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;"
	/* RO: which PCID takes the place of which, by the registration nonce; a new one never does again. */
	"CREATE TABLE renewal("
	"  nonce BLOB PRIMARY KEY, pcid TEXT NOT NULL, renewed TEXT NOT NULL UNIQUE"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX renewal_pcid ON renewal(pcid);",
};

static struct store *
open_ledger(const char *path, bool create)
{
	return store_open("--ledger", path, "ledger", schema, sizeof schema / sizeof schema[0], create);
}

struct store *
ledger_open(const char *path)
{
	return open_ledger(path, false);
}

struct store *
ledger_make(const char *path)
{
	return open_ledger(path, true);
}

bool
ledger_take(struct store *s, struct text range, uint64_t first, uint64_t last, uint64_t n,
    uint64_t *got, struct fault *f)
{
	struct row row;

	if (!store_run(s, f, NULL, "INSERT INTO range(name, next) VALUES(?1, ?2) ON CONFLICT DO NOTHING",
	    V_TEXT(range), V_INT(first)))
		return false;
	if (!store_row(s, f, &row, "UPDATE range SET next = max(next, ?2) + ?4"
	    " WHERE name = ?1 AND max(next, ?2) + ?4 <= ?3 + 1 RETURNING next - ?4",
	    V_TEXT(range), V_INT(first), V_INT(last), V_INT(n)))
		return false;
	if (!row.found)
		return fault_refuse(f, "used-up", NULL, "range %.*s has fewer than %llu numbers left",
		    (int)range.n, range.p, (unsigned long long)n);
	*got = row_int(&row, 0);
	row_done(&row);
	return true;
}
