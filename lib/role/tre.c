/* SPDX-License-Identifier: Apache-2.0 */
#include "role/tre.h"

#include "base/die.h"
#include "crypto/random.h"
#include "crypto/tpm.h"
#include "msg/cose.h"
#include "role/trestore.h"

/* --- sealing ------------------------------------------------------------------- */

static struct bytes
place(const char *table, struct text row, struct buf *b)
{
	b->n = 0;
	wire_put_array(b, 3);
	wire_put_text(b, text_of("tre"));
	wire_put_text(b, text_of(table));
	wire_put_text(b, row);
	return buf_bytes(b);
}

void
tre_seal(const struct tre *t, const char *table, struct text row, struct bytes secret, struct buf *out)
{
	static struct buf where;

	cose_encrypt0(t->storage_key, place(table, row, &where), secret, out);
}

bool
tre_unseal(const struct tre *t, const char *table, struct text row, struct bytes sealed,
    struct buf *out, struct fault *f)
{
	static struct buf where;

	if (cose_decrypt0(t->storage_key, sealed, place(table, row, &where), out, f))
		return true;
	return fault_world(f, NULL, "tre: %s %.*s does not open with the storage key", table, (int)row.n,
	    row.p);
}

/* --- making and opening ---------------------------------------------------------- */

static void
seal_key(const struct tre *t, const char *name, const EVP_PKEY *in_tpm, struct buf *out)
{
	static struct buf der;
	EVP_PKEY *key;

	if (in_tpm != NULL) {
		tre_seal(t, "device", text_of(name), tpm_reference(in_tpm), out);
		return;
	}
	key = key_new();

	key_to_der(key, &der);
	tre_seal(t, "device", text_of(name), buf_bytes(&der), out);
	buf_wipe(&der);
	key_free(key);
}

static bool
is_initialised(const struct tre *t, struct fault *f, bool *yes)
{
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT 1 FROM device"))
		return false;
	*yes = row.found;
	row_done(&row);
	return true;
}

static bool
insert_device(const struct tre *t, const struct tre_identity *id, struct fault *f)
{
	struct buf platform = { 0 }, sealing = { 0 };

	seal_key(t, "platform", id->platform, &platform);
	seal_key(t, "sealing", id->sealing, &sealing);
	if (!store_run(t->store, f, NULL, "INSERT INTO device VALUES(1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL,"
	    " ?8)",
	    V_BYTES(id->ueid), V_TEXT(text_of(id->serial)), V_TEXT(text_of(id->swname)),
	    V_TEXT(text_of(id->swversion)), V_INT(id->dbgstat), V_BYTES(buf_bytes(&platform)),
	    V_BYTES(buf_bytes(&sealing)), V_INT(id->quota)))
		return false;
	for (int64_t i = 0; id->measured != NULL && id->measured[i] != NULL; i++)
		if (!store_run(t->store, f, NULL, "INSERT INTO measured VALUES(?1, ?2)", V_INT(i),
		    V_TEXT(text_of(id->measured[i]))))
			return false;
	return true;
}

/*
 * The key comes first: a store without device row and a storage key mean that we
 * were stopped half-way, and are as good as nothing.
 */
void
tre_create(const char *path, const struct tre_identity *id)
{
	struct tre t = { 0 };
	struct fault f;
	bool done;

	storagekey_spare(path);
	t.store = trestore_open(path, true);
	store_begin(t.store);
	if (!is_initialised(&t, &f, &done))
		die_fault(&f);
	if (done) {
		fault_refuse(&f, "already-initialised", NULL, "'%s' holds a device", path);
		die_fault(&f);
	}
	random_start();
	if (!trestore_is_blank(t.store, &f))
		die_fault(&f);
	t.storage_key = storagekey_make(path, id->seal_to);
	trestore_seal(t.store, t.storage_key);
	if (!insert_device(&t, id, &f))
		die_fault(&f);
	store_commit(t.store);
}

void
tre_open(struct tre *t, const char *path)
{
	t->store = trestore_open(path, false);
	t->storage_key = storagekey_read(path, &t->sealed_to);
	trestore_seal(t->store, t->storage_key);
}
