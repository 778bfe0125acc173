/* SPDX-License-Identifier: Apache-2.0 */
#include "role/attest.h"

#include <stdio.h>

#include "crypto/digest.h"
#include "msg/evidence.h"
#include "role/application.h"

bool
attest_signer(struct tre *t, struct signer *s, struct fault *f)
{
	static struct buf plc;
	struct tre_device d;

	if ((s->key = tre_platform_key(t, f)) == NULL || !tre_device(t, &d, f))
		return false;
	if (d.plc.p == NULL)
		return fault_refuse(f, "no-plc", NULL, "the TRE holds no PlC; see tre-load");
	plc.n = 0;
	buf_add(&plc, d.plc);
	s->chain = (struct chain){ .der = { buf_bytes(&plc) }, .n = 1 };
	return true;
}

static bool
is_for_us(const struct tre *t, const struct registration *r, uint64_t now, struct fault *f)
{
	struct tre_device d;
	struct text pcid, ours;

	if (!tre_device(t, &d, f) || !application_pcid(t, &pcid, &ours, f))
		return false;
	if (!text_equal(r->ro, ours))
		return fault_refuse(f, "wrong-operator", "registration.ro", "is %.*s, the PCID is of %.*s",
		    (int)r->ro.n, r->ro.p, (int)ours.n, ours.p);
	if (!text_equal(r->pcid, pcid))
		return fault_refuse(f, "wrong-pcid", "registration.pcid", "is %.*s, not ours",
		    (int)r->pcid.n, r->pcid.p);
	if (!bytes_equal(r->ueid, d.ueid))
		return fault_refuse(f, "wrong-device", "registration.ueid", "is another device's");
	return signed_in_time("registration", r->iat, r->exp, now, f);
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* What is there now, not what was there when the device was made. */
static bool
measure(const struct tre *t, struct list *l, struct buf *raw, struct fault *f)
{
	static struct buf component;
	uint8_t digest[DIGEST_LEN];
	char path[4096];
	bool found;

	raw->n = 0;
	for (uint64_t i = 0; tre_measured(t, i, path, sizeof path, &found, f); i++) {
		if (!found)
			return true;
		if (!digest_file(path, digest, f))
			return false;
		component.n = 0;
		record_encode(&component_record, &(struct component){ text_of(base_name(path)),
		    BYTES(digest) }, &component);
		list_add(&measurement_element, l, raw,
		    &(struct measurement){ MEASUREMENT_FORMAT, buf_bytes(&component) });
	}
	return false;
}

static bool
remember(const struct tre *t, const struct registration *r, struct fault *f)
{
	return store_run(t->store, f, NULL, "INSERT INTO provisioning(nonce, pcid, sho, dpf)"
	    " VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", V_BYTES(r->nonce), V_TEXT(r->pcid),
	    V_TEXT(r->sho), V_TEXT(r->dpf));
}

bool
attest(struct tre *t, const struct registration *r, uint64_t now, struct buf *out, struct fault *f)
{
	static struct buf measurements;
	uint8_t x[COORDINATE], y[COORDINATE];
	struct signer us = { 0 };
	struct tre_device d;
	EVP_PKEY *sealing = tre_sealing_key(t, f);
	struct evidence e = {
		.sub = r->pcid, .iat = now, .cnf.key = { 1, 1, BYTES(x), BYTES(y) },
		.eat_nonce = r->nonce, .eat_profile = text_of(EVIDENCE_PROFILE), .tre_class = TRE_SOFTWARE,
	};

	if (sealing == NULL || !is_for_us(t, r, now, f) || !attest_signer(t, &us, f) ||
	    !measure(t, &e.measurements, &measurements, f) || !tre_device(t, &d, f) || !remember(t, r, f))
		return false;
	key_point(sealing, x, y);
	e.ueid = d.ueid;
	e.dbgstat = d.dbgstat;
	e.swname = d.swname;
	e.swversion.version = d.swversion;
	signed_encode(&us, &evidence_record, &e, out);
	return true;
}
