/* SPDX-License-Identifier: Apache-2.0 */
#include "role/attest.h"

#include <stdio.h>

#include "crypto/digest.h"
#include "crypto/plc.h"
#include "crypto/tpm.h"
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

	if (!tre_device(t, &d, f) || !application_pcid(t, r->pcid, &pcid, &ours, f))
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

/* --- measuring -------------------------------------------------------------------- */

struct measuring {
	uint64_t mode;
	struct tcb expected;	/* by the PlC */
	struct list measurements, results;
	struct buf raw;		/* of either */
};

static void
show(struct measuring *m, const char *name, struct bytes digest)
{
	static struct buf component;

	component.n = 0;
	record_encode(&component_record, &(struct component){ text_of(name), digest }, &component);
	list_add(&measurement_element, &m->measurements, &m->raw,
	    &(struct measurement){ MEASUREMENT_FORMAT, buf_bytes(&component) });
}

static void
tell(struct measuring *m, const char *name, uint64_t result)
{
	list_add(&measurement_result_element, &m->results, &m->raw,
	    &(struct measurement_result){ text_of(name), result });
}

/* The i-th file, from 0, is shown, or its comparison told, or it has to be what the PlC expects. */
static bool
take(struct measuring *m, size_t i, const char *name, struct bytes digest, struct fault *f)
{
	bool same = i < m->expected.fwids && bytes_equal(digest, m->expected.fwid[i]);

	if (m->mode == MODE_REMOTE)
		show(m, name, digest);
	else if (m->mode == MODE_SEMI_AUTONOMOUS)
		tell(m, name, same ? COMPARED_EQUAL : i < m->expected.fwids ? COMPARED_DIFFERENT : COMPARED_NOT);
	else if (i >= m->expected.fwids)
		return fault_refuse(f, "measurement-unknown", NULL, "the PlC expects no '%s'", name);
	else if (!same)
		return fault_refuse(f, "measurement-differs", NULL, "'%s' is not what the PlC expects", name);
	return true;
}

/* What is there now, not what was there when the device was made. */
static bool
measure(const struct tre *t, struct measuring *m, struct fault *f)
{
	uint8_t digest[DIGEST_LEN];
	char path[4096];
	bool found = true;
	size_t i;

	for (i = 0; tre_measured(t, i, path, sizeof path, &found, f) && found; i++)
		if (!digest_file(path, digest, f) || !take(m, i, base_name(path), BYTES(digest), f))
			return false;
	if (found)
		return false;
	return m->mode != MODE_AUTONOMOUS || i == m->expected.fwids ||
	    fault_refuse(f, "measurement-missing", NULL, "the PlC expects %zu files, %zu are measured",
		m->expected.fwids, i);
}

static void
put_measured(const struct measuring *m, struct evidence *e)
{
	static struct buf raw;
	struct result_group group = { text_of(RESULTS_SYSTEM), m->results };

	raw.n = 0;
	e->mode = m->mode;
	e->measurements = m->measurements;
	if (m->results.count > 0)
		list_add(&result_group_element, &e->measres, &raw, &group);
}

/* --- evidence --------------------------------------------------------------------- */

/* Of registrations that brought no MID that is still here, the latest are remembered. */
static bool
forget_earlier(const struct tre *t, struct fault *f)
{
	return store_run(t->store, f, NULL, "DELETE FROM provisioning WHERE position <="
	    " (SELECT max(position) FROM provisioning) - ?1"
	    " AND NOT EXISTS(SELECT 1 FROM application a WHERE a.nonce = provisioning.nonce)",
	    V_INT(ATTESTED_MAX));
}

/* A nonce is for one provisioning: who is to bring the MID stays who it was. */
static bool
remember(const struct tre *t, const struct registration *r, struct fault *f)
{
	struct row row;

	if (!store_run(t->store, f, NULL, "INSERT INTO provisioning(nonce, pcid, sho, dpf)"
	    " VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", V_BYTES(r->nonce), V_TEXT(r->pcid),
	    V_TEXT(r->sho), V_TEXT(r->dpf)) ||
	    !store_row(t->store, f, &row, "SELECT 1 FROM provisioning WHERE nonce = ?1 AND pcid = ?2"
	    " AND sho = ?3 AND dpf = ?4", V_BYTES(r->nonce), V_TEXT(r->pcid), V_TEXT(r->sho), V_TEXT(r->dpf)))
		return false;
	if (!row.found)
		return fault_refuse(f, "nonce-used", "registration.nonce",
		    "was attested under for another operator or DPF");
	row_done(&row);
	return forget_earlier(t, f);
}

/* Signed by the platform key, each for all the rest of the evidence. */
static void
ask_tpm(const EVP_PKEY *platform, const EVP_PKEY *sealing, uint32_t pcrs, struct evidence *e)
{
	static struct buf quote, certification, public, values;
	static uint8_t signatures[2][64];
	uint8_t qualifying[QUALIFYING], value[DIGEST_LEN];

	quote.n = certification.n = public.n = values.n = 0;
	evidence_qualifying(e, qualifying);
	tpm_quote(platform, pcrs, qualifying, &quote, signatures[0]);
	tpm_certify(platform, sealing, qualifying, &certification, signatures[1]);
	tpm_public(sealing, &public);
	e->tpm = (struct tpm_evidence){
		.quote = buf_bytes(&quote), .quote_signature = BYTES(signatures[0]),
		.certification = buf_bytes(&certification), .certification_signature = BYTES(signatures[1]),
		.sealing = buf_bytes(&public),
	};
	for (unsigned i = 0; i < TPM_PCRS; i++)
		if (pcrs >> i & 1) {
			tpm_pcr(i, value);
			list_add(&pcr_element, &e->tpm.pcrs, &values, &(struct pcr){ i, BYTES(value) });
		}
}

bool
attest(struct tre *t, const struct registration *r, uint64_t mode, uint64_t now, struct buf *out,
    struct fault *f)
{
	static struct measuring m;
	uint8_t x[COORDINATE], y[COORDINATE];
	struct signer us = { 0 };
	struct tre_device d;
	struct plc plc;
	EVP_PKEY *sealing = tre_sealing_key(t, f);
	struct evidence e = {
		.sub = r->pcid, .iat = now, .cnf.key = { 1, 1, BYTES(x), BYTES(y) },
		.eat_nonce = r->nonce, .eat_profile = text_of(EVIDENCE_PROFILE), .tre_class = tre_class(t),
	};

	if (sealing == NULL || !is_for_us(t, r, now, f) || !attest_signer(t, &us, f) ||
	    !plc_read(us.chain.der[0], &plc, "plc", f))
		return false;
	m.raw.n = 0;
	m = (struct measuring){ .mode = mode, .expected = plc.tcb, .raw = m.raw };
	if (!measure(t, &m, f) || !tre_device(t, &d, f) || !remember(t, r, f))
		return false;
	key_point(sealing, x, y);
	put_measured(&m, &e);
	e.ueid = d.ueid;
	e.dbgstat = d.dbgstat;
	e.swname = d.swname;
	e.swversion.version = d.swversion;
	if (tre_class(t) == TRE_TPM)
		ask_tpm(us.key, sealing, (uint32_t)t->sealed_to.pcrs, &e);
	signed_encode(&us, &evidence_record, &e, out);
	return true;
}
