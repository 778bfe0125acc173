/* SPDX-License-Identifier: Apache-2.0 */
/* What an open TRE is, whom it believes, and its keys; tre.c makes and opens it. */
#include "crypto/plc.h"
#include "crypto/tpm.h"
#include "msg/evidence.h"
#include "role/tre.h"

/* --- the device ------------------------------------------------------------------ */

bool
tre_device(const struct tre *t, struct tre_device *d, struct fault *f)
{
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT ueid, plc, serial, swname, swversion, dbgstat FROM device"))
		return false;
	if (!row.found)
		return fault_world(f, NULL, "tre: not initialised: run tre-init again");
	*d = (struct tre_device){ row_bytes(&row, 0), row_bytes(&row, 1), row_text(&row, 2),
	    row_text(&row, 3), row_text(&row, 4), row_int(&row, 5) };
	return true;
}

uint64_t
tre_class(const struct tre *t)
{
	return t->sealed_to.parent != 0 ? TRE_TPM : TRE_SOFTWARE;
}

/* The key in that column, unsealed once. */
static EVP_PKEY *
device_key(struct tre *t, int column, const char *name, EVP_PKEY **key, struct fault *f)
{
	static struct buf der;
	struct row row;

	if (*key != NULL || !store_row(t->store, f, &row, "SELECT platform, sealing FROM device"))
		return *key;
	if (!row.found)
		return fault_world(f, NULL, "tre: not initialised: run tre-init again"), NULL;
	if (tre_unseal(t, "device", text_of(name), row_bytes(&row, column), &der, f) &&
	    (*key = tre_class(t) == TRE_TPM ? tpm_key_of("--tre", buf_bytes(&der)) :
		key_from_der(buf_bytes(&der))) == NULL)
		fault_world(f, NULL, "tre: the %s key is damaged", name);
	buf_wipe(&der);
	row_done(&row);
	return *key;
}

EVP_PKEY *
tre_platform_key(struct tre *t, struct fault *f)
{
	static EVP_PKEY *key;

	return device_key(t, 0, "platform", &key, f);
}

EVP_PKEY *
tre_sealing_key(struct tre *t, struct fault *f)
{
	static EVP_PKEY *key;

	return device_key(t, 1, "sealing", &key, f);
}

bool
tre_measured(const struct tre *t, uint64_t i, char *path, size_t size, bool *found, struct fault *f)
{
	struct row row;
	bool fits;

	if (!store_row(t->store, f, &row, "SELECT path FROM measured WHERE position = ?1", V_INT(i)))
		return false;
	if (!(*found = row.found))
		return true;
	fits = text_copy(row_text(&row, 0), path, size);
	row_done(&row);
	return fits || fault_world(f, NULL, "tre: a measured path is too long");
}

/* --- anchors and PlC --------------------------------------------------------------- */

bool
tre_add_anchor(const struct tre *t, struct bytes der, struct fault *f)
{
	struct row row;
	uint64_t n;

	if (!store_run(t->store, f, NULL, "INSERT INTO anchor VALUES(?1) ON CONFLICT DO NOTHING",
	    V_BYTES(der)) || !store_row(t->store, f, &row, "SELECT count(*) FROM anchor"))
		return false;
	n = row_int(&row, 0);
	row_done(&row);
	return n <= ANCHORS_MAX || fault_request(f, NULL, "a TRE keeps up to %d anchors", ANCHORS_MAX);
}

struct trust *
tre_anchors(const struct tre *t, struct fault *f)
{
	static struct buf copies[ANCHORS_MAX];
	struct bytes ders[ANCHORS_MAX];
	struct trust *trust;
	size_t n = 0;
	struct row row;

	if (!store_row(t->store, f, &row, "SELECT der FROM anchor"))
		return NULL;
	while (row.found && n < ANCHORS_MAX) {
		copies[n].n = 0;
		buf_add(&copies[n], row_bytes(&row, 0));
		ders[n] = buf_bytes(&copies[n]);
		n++;
		if (!store_next(t->store, f, &row))
			return NULL;
	}
	row_done(&row);
	if (n == 0)
		return fault_refuse(f, "no-anchors", NULL, "the TRE has no anchors; see tre-load --trust"), NULL;
	if ((trust = trust_from_der(ders, n)) == NULL)
		fault_world(f, NULL, "tre: an anchor is damaged");
	return trust;
}

static bool
plc_is_ours(struct tre *t, const struct cert *c, struct bytes der, struct fault *f)
{
	struct tre_device d;
	struct plc plc;
	uint64_t class;
	EVP_PKEY *platform = tre_platform_key(t, f);

	if (platform == NULL || !tre_device(t, &d, f) || !plc_read(der, &plc, "plc", f))
		return false;
	if (!key_equal(platform, c->key))
		return fault_refuse(f, "wrong-key", "plc", "certifies another platform key");
	if (!bytes_equal((struct bytes){ plc.ueid, plc.ueid_n }, d.ueid))
		return fault_refuse(f, "wrong-device", "plc.ueid", "is another device's");
	class = plc.tcb.tpm ? TRE_TPM : TRE_SOFTWARE;
	return class == tre_class(t) || fault_refuse(f, "wrong-tre-class", "plc.tcb.type",
	    "is for class %s, the TRE is of class %s", tre_classes.words[class - 1],
	    tre_classes.words[tre_class(t) - 1]);
}

bool
tre_set_plc(struct tre *t, struct bytes der, uint64_t now, struct fault *f)
{
	struct chain chain = { .der = { der }, .n = 1 };
	struct trust *anchors = tre_anchors(t, f);
	struct cert c = { 0 };
	bool ok;

	if (anchors == NULL || !trust_check(anchors, &chain, ROLE_TRE, now, &c, "plc", f))
		return false;
	ok = plc_is_ours(t, &c, der, f);
	cert_free(&c);
	return ok && store_run(t->store, f, NULL, "UPDATE device SET plc = ?1", V_BYTES(der));
}

bool
tre_set_owner(const struct tre *t, struct bytes der, uint64_t now, struct fault *f)
{
	struct chain chain = { .der = { der }, .n = 1 };
	struct trust *anchors = tre_anchors(t, f);
	struct cert c = { 0 };
	uint64_t changed = 0;
	bool ok;

	if (anchors == NULL || !trust_check(anchors, &chain, ROLE_US, now, &c, "owner", f))
		return false;
	ok = store_run(t->store, f, &changed, "INSERT INTO owner VALUES(1, ?1, 0)"
	    " ON CONFLICT DO UPDATE SET name = name WHERE name = excluded.name", V_TEXT(text_of(c.name)));
	cert_free(&c);
	return ok && (changed == 1 || fault_refuse(f, "already-owned", "owner", "the TRE has another"));
}
