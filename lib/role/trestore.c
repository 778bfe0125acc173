/* SPDX-License-Identifier: Apache-2.0 */
#include "role/trestore.h"

#include "crypto/digest.h"
#include "crypto/secret.h"
#include "wire/record.h"

/* SQLite keeps the text as it is here; indices last, where VACUUM puts them: see is_sound(). */
static const char *const schema[] = {
	"CREATE TABLE device("
	"  one INTEGER PRIMARY KEY CHECK(one = 1), ueid BLOB NOT NULL, serial TEXT NOT NULL,"
	"  swname TEXT NOT NULL, swversion TEXT NOT NULL, dbgstat INTEGER NOT NULL,"
	"  platform BLOB NOT NULL, sealing BLOB NOT NULL, plc BLOB, quota INTEGER NOT NULL"
	") STRICT;"
	"CREATE TABLE measured(position INTEGER PRIMARY KEY, path TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE anchor(der BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;"
	/* previous: sealed too, the credential before an update, until the new one has been used. */
	"CREATE TABLE application("
	"  identity TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK(kind IN ('pcid', 'usim', 'isim')),"
	"  ro TEXT, sho TEXT, mid TEXT, state TEXT NOT NULL"
	"  CHECK(state IN ('created', 'installed', 'active', 'inactive', 'discarded')),"
	"  not_before INTEGER NOT NULL, not_after INTEGER NOT NULL,"
	"  sealed BLOB NOT NULL, digest BLOB NOT NULL, nonce BLOB, counter INTEGER,"
	"  previous BLOB,"
	"  UNIQUE(sho, mid)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE slot("
	"  identity TEXT NOT NULL, ind INTEGER NOT NULL, seq INTEGER NOT NULL,"
	"  PRIMARY KEY(identity, ind)"
	") STRICT, WITHOUT ROWID;"
	/* Nonces it attested under, and what became of them: the MIDs', and the latest. */
	"CREATE TABLE provisioning("
	"  position INTEGER PRIMARY KEY, nonce BLOB NOT NULL UNIQUE,"
	"  pcid TEXT NOT NULL, sho TEXT NOT NULL, dpf TEXT NOT NULL, package BLOB, report BLOB"
	") STRICT;"
	/* The last package of each SHO for each PCID. */
	"CREATE TABLE counter("
	"  sho TEXT NOT NULL, pcid TEXT NOT NULL, last INTEGER NOT NULL, PRIMARY KEY(sho, pcid)"
	") STRICT, WITHOUT ROWID;"
	/* Whose orders count, and the last counter; what the latest objects were answered with. */
	"CREATE TABLE owner("
	"  one INTEGER PRIMARY KEY CHECK(one = 1), name TEXT NOT NULL, last INTEGER NOT NULL"
	") STRICT;"
	"CREATE TABLE obeyed("
	"  position INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE,"
	"  first BLOB NOT NULL, second BLOB"
	") STRICT;"
	/* The change of operator ordered last. notice: digest of the discard; since: of its state. */
	"CREATE TABLE switch("
	"  one INTEGER PRIMARY KEY CHECK(one = 1),"
	"  state TEXT NOT NULL CHECK(state IN ('ordered', 'attested', 'discarding', 'done')),"
	"  sho TEXT NOT NULL, old_sho TEXT NOT NULL, old_mid TEXT NOT NULL,"
	"  counter INTEGER NOT NULL, wait INTEGER NOT NULL, since INTEGER NOT NULL,"
	"  nonce BLOB, notice BLOB"
	") STRICT;"
	/* What was signed about MIDs, in the order it was made, and then settled; see outbox.h. */
	"CREATE TABLE outbox("
	"  position INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE,"
	"  state TEXT NOT NULL CHECK(state IN ('waiting', 'acknowledged', 'dropped')),"
	"  kind TEXT NOT NULL CHECK(kind IN ('report', 'discard')), recipient TEXT NOT NULL,"
	"  mid TEXT NOT NULL, made INTEGER NOT NULL, outcome BLOB UNIQUE, object BLOB NOT NULL"
	") STRICT;"
	"CREATE TABLE seal(one INTEGER PRIMARY KEY CHECK(one = 1), digest BLOB NOT NULL) STRICT;"
	/*
	 * At most one USIM is active at any time (5.2.5.7.2).  Besides the PCID there may be a new one,
	 * installed, which takes its place when it is used for the first time.
	 */
	"CREATE UNIQUE INDEX one_active ON application(kind) WHERE kind = 'usim' AND state = 'active';"
	"CREATE UNIQUE INDEX one_pcid ON application(kind, state) WHERE kind = 'pcid'"
	"  AND state <> 'discarded';",
};

/* --- all rows ---------------------------------------------------------------------- */

/* Literals, each of which is prepared once. */
static const char *const all_rows[] = {
	"SELECT 'device', * FROM device ORDER BY one",
	"SELECT 'measured', * FROM measured ORDER BY position",
	"SELECT 'anchor', * FROM anchor ORDER BY der",
	"SELECT 'application', * FROM application ORDER BY identity",
	"SELECT 'slot', * FROM slot ORDER BY identity, ind",
	"SELECT 'provisioning', * FROM provisioning ORDER BY position",
	"SELECT 'counter', * FROM counter ORDER BY sho, pcid",
	"SELECT 'owner', * FROM owner ORDER BY one",
	"SELECT 'obeyed', * FROM obeyed ORDER BY position",
	"SELECT 'switch', * FROM switch ORDER BY one",
	"SELECT 'outbox', * FROM outbox ORDER BY position",
};

static bool
add_rows(struct store *s, const char *query, size_t *n, struct fault *f)
{
	static struct buf encoded;
	struct row row;

	if (!store_row_(s, f, &row, query, NULL, 0))
		return false;
	for (; row.found; (*n)++) {
		encoded.n = 0;
		row_encode(&row, &encoded);
		digest_hmac_add(buf_bytes(&encoded));
		if (!store_next(s, f, &row))
			return false;
	}
	return true;
}

/* *n: how many there are. */
static bool
digest_rows(struct store *s, struct bytes key, uint8_t digest[static DIGEST_LEN], size_t *n,
    struct fault *f)
{
	bool ok = true;

	*n = 0;
	digest_hmac_start(key);
	for (size_t i = 0; ok && i < COUNT(all_rows); i++)
		ok = add_rows(s, all_rows[i], n, f);
	digest_hmac_finish(digest);
	return ok;
}

/* --- the file around them ---------------------------------------------------------- */

/* Whether that is the query's answer. */
static bool
answers(struct store *s, const char *query, const char *expected, bool *same, struct fault *f)
{
	struct row row;

	if (!store_row_(s, f, &row, query, NULL, 0))
		return false;
	*same = row.found && text_is(row_text(&row, 0), expected);
	row_done(&row);
	return true;
}

/*
 * A trigger or a view would act in our name; an index that does not agree with its table would be
 * believed, while the seal is over the table.
 */
static bool
is_sound(struct store *s, bool *sound, struct fault *f)
{
	return answers(s, "SELECT group_concat(sql, ';') || ';' FROM"
	    " (SELECT sql FROM sqlite_schema ORDER BY rowid)", schema[0], sound, f) &&
	    (!*sound || answers(s, "PRAGMA integrity_check(1)", "ok", sound, f));
}

/* --- the seal ---------------------------------------------------------------------- */

struct seal {
	struct store *store;
	struct bytes key;
};

static bool
check_seal(void *state, struct fault *f)
{
	const struct seal *seal = state;
	uint8_t digest[DIGEST_LEN];
	bool sound, fits, blank;
	struct row row;
	size_t n;

	if (!is_sound(seal->store, &sound, f) || !digest_rows(seal->store, seal->key, digest, &n, f) ||
	    !store_row(seal->store, f, &row, "SELECT digest FROM seal"))
		return false;
	blank = !row.found && n == 0;
	fits = row.found && secret_equal(row_bytes(&row, 0), BYTES(digest));
	row_done(&row);
	if (sound && blank)
		return fault_world(f, NULL, "tre: not initialised: run tre-init again");
	return (sound && fits) || fault_world(f, NULL, "tre: the store was changed by something else than"
	    " these tools, or its storage key is another's");
}

static bool
renew_seal(void *state, struct fault *f)
{
	const struct seal *seal = state;
	uint8_t digest[DIGEST_LEN];
	size_t n;

	return digest_rows(seal->store, seal->key, digest, &n, f) &&
	    store_run(seal->store, f, NULL, "INSERT INTO seal VALUES(1, ?1)"
	    " ON CONFLICT DO UPDATE SET digest = excluded.digest", V_BYTES(BYTES(digest)));
}

void
trestore_seal(struct store *s, struct bytes storage_key)
{
	static const uint8_t info[] = "m2mkit tre store";
	static struct seal seal;
	static const struct store_watch watch = { check_seal, renew_seal, &seal };
	uint8_t *key = secret_new(DIGEST_LEN);

	digest_hkdf(storage_key, (struct bytes){ 0 }, (struct bytes){ info, sizeof info - 1 }, key,
	    DIGEST_LEN);
	seal = (struct seal){ s, { key, DIGEST_LEN } };
	store_watch(s, &watch);
}

/* --- opening ----------------------------------------------------------------------- */

struct store *
trestore_open(const char *path, bool create)
{
	return store_open("--tre", path, "tre", schema, COUNT(schema), create);
}

bool
trestore_is_blank(struct store *s, struct fault *f)
{
	uint8_t digest[DIGEST_LEN];
	bool sound;
	size_t n;

	if (!is_sound(s, &sound, f) || !digest_rows(s, (struct bytes){ 0 }, digest, &n, f))
		return false;
	return (sound && n == 0) ||
	    fault_world(f, NULL, "tre: the store holds no device, but is not blank");
}
