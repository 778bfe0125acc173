/* SPDX-License-Identifier: Apache-2.0 */
#include "role/sho.h"

#include "msg/claims.h"
#include "msg/envelope.h"
#include "role/appraisal.h"
#include "role/icf.h"
#include "role/sho_ack.h"
#include "role/successor.h"

bool
sho_may_provision(const struct sho_case *c, const char *us, uint64_t now, struct fault *f)
{
	const struct registration *r = &c->registration;

	if (!text_is(r->sho, us))
		return fault_refuse(f, "wrong-operator", "registration.sho", "is %.*s, not us",
		    (int)r->sho.n, r->sho.p);
	return signed_in_time("registration", r->iat, r->exp, now, f) &&
	    appraisal_holds(r, &c->verdict, now, f);
}

/* Ahead of time no verdict needs to be fresh: at delivery one must be, and name the same key. */
static bool
may_prepare(const struct sho_case *c, const char *us, uint64_t now, struct fault *f)
{
	const struct verdict *v = &c->verdict;

	if (!appraisal_affirms(v, f))
		return false;
	if (!text_is(v->aud, us))
		return fault_refuse(f, "wrong-operator", "verdict.aud", "is %.*s, not us", (int)v->aud.n,
		    v->aud.p);
	return signed_in_time("verdict", v->iat, 0, now, f);
}

static bool
used(struct fault *f)
{
	return fault_refuse(f, "nonce-used", "registration.nonce", "was answered for other content");
}

/* What a table keyed by nonce answered before: appended to out, *found; [nonce-used] for other content. */
static bool
same_answer(struct row *row, struct bytes digest, struct buf *out, bool *found, struct fault *f)
{
	bool same;

	if (!(*found = row->found))
		return true;
	if ((same = bytes_equal(row_bytes(row, 0), digest)))
		buf_add(out, row_bytes(row, 1));
	row_done(row);
	return same || used(f);
}

bool
sho_authorized(struct store *s, struct bytes nonce, struct authorized *a, struct fault *f)
{
	struct cose_sign1 o;
	struct row row;

	if (!store_row(s, f, &row, "SELECT digest, object FROM authorized WHERE nonce = ?1", V_BYTES(nonce)))
		return false;
	*a = (struct authorized){ .found = row.found };
	if (!row.found)
		return true;
	a->digest = row_bytes(&row, 0);
	a->object = row_bytes(&row, 1);
	return (record_decode(&authorization_record, &o, a->object, f) &&
	    record_decode(&authorization_claims_record, &a->claims, o.payload, f)) ||
	    fault_world(f, NULL, "the ledger's authorization is damaged");
}

bool
sho_authorize(struct store *s, const struct sho_case *c, uint64_t scope, const struct signer *us,
    uint64_t now, uint64_t validity, struct buf *out, struct fault *f)
{
	const struct registration *r = &c->registration;
	struct authorized before;

	if (!sho_authorized(s, r->nonce, &before, f))
		return false;
	if (before.found) {
		if (!bytes_equal(before.digest, BYTES(c->digest)) || before.claims.scope != scope)
			return used(f);
		buf_add(out, before.object);
		return true;
	}
	if (!sho_may_provision(c, us->cert.name, now, f))
		return false;
	signed_encode(us, &authorization_record, &(struct authorization){
	    .sho = r->sho, .pcid = r->pcid, .aud = r->dpf, .exp = signed_until(now, validity), .iat = now,
	    .scope = scope, .nonce = r->nonce,
	}, out);
	return store_run(s, f, NULL, "INSERT INTO authorized VALUES(?1, ?2, ?3)", V_BYTES(r->nonce),
	    V_BYTES(BYTES(c->digest)), V_BYTES(buf_bytes(out)));
}

static bool
is_authorized(struct store *s, const struct sho_case *c, uint64_t *scope, struct fault *f)
{
	struct authorized a;

	if (!sho_authorized(s, c->registration.nonce, &a, f))
		return false;
	if (!a.found)
		return fault_refuse(f, "not-authorized", "registration.nonce",
		    "is not authorised in this ledger; see sho-authorize");
	*scope = a.claims.scope;
	return bytes_equal(a.digest, BYTES(c->digest)) || fault_refuse(f, "not-authorized", "registration.nonce",
	    "was authorised with another registration or verdict");
}

bool
sho_next_counter(struct store *s, struct text pcid, uint64_t *counter, struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "INSERT INTO counter VALUES(?1, 1)"
	    " ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last", V_TEXT(pcid)))
		return false;
	*counter = row_int(&row, 0);
	row_done(&row);
	return true;
}

/* To the key that the PVA vouched for, of the device that it vouched for. */
static bool
seal_to(const struct sho_case *c, struct mid_package *header, const struct mid *mid,
    struct bytes encoded_mid, const struct signer *us, struct buf *out, struct fault *f)
{
	const struct verdict *v = &c->verdict;
	EVP_PKEY *key = key_from_point(v->cnf.key.x, v->cnf.key.y);
	uint8_t thumbprint[DIGEST_LEN], device[DIGEST_LEN];
	bool ok;

	if (key == NULL)
		return fault_request(f, "verdict.cnf.key", "is no point of the curve");
	cose_thumbprint(&v->cnf.key, thumbprint);
	header->key = BYTES(thumbprint);
	if (mid->device_token.p != NULL) {
		package_device(mid->device_token, v->ueid, device);
		header->device = BYTES(device);
	}
	ok = envelope_make(us, key, header, encoded_mid, c->cms, out, f);
	key_free(key);
	return ok;
}

/* A MID is sealed for one device only. */
static bool
keep_first(struct store *s, const struct sho_case *c, const struct mid *mid, struct bytes asked,
    struct bytes digest, struct text pcid, struct bytes package, struct fault *f)
{
	uint64_t added;

	if (!store_run(s, f, &added, "INSERT INTO package VALUES(?1, ?2, ?3, ?4)"
	    " ON CONFLICT DO NOTHING",
	    V_BYTES(asked), V_BYTES(digest), V_TEXT(mid->id), V_BYTES(package)))
		return false;
	if (added != 1)
		return fault_refuse(f, "mid-used", "mid.id", "%.*s was sealed for another device",
		    (int)mid->id.n, mid->id.p);
	return sho_hold(s, mid, pcid, c->verdict.ueid, f);
}

static bool
keep_successor(struct store *s, struct bytes asked, struct bytes digest, struct bytes encoded_mid,
    struct bytes package, struct fault *f)
{
	uint8_t content[DIGEST_LEN];

	digest_sha256(encoded_mid, content);
	return store_run(s, f, NULL, "INSERT INTO successor_package VALUES(?1, ?2, ?3, ?4)",
	    V_BYTES(asked), V_BYTES(digest), V_BYTES(BYTES(content)), V_BYTES(package));
}

/* Whether this MID may be sealed to do that with it: of an update, only for who has the MID. */
static bool
may_seal(struct store *s, const struct sho_case *c, uint64_t scope, const struct mid *mid,
    struct bytes encoded_mid, struct fault *f)
{
	const struct verdict *v = &c->verdict;
	struct text identity;

	if (scope == OPERATION_UPDATE)
		return successor_is(s, mid_identity(mid), encoded_mid, f) &&
		    sho_holds(s, "registration", &(struct held){ .mid = mid->id, .ueid = v->ueid,
			.plc_ueid = v->ueid }, &identity, f);
	return icf_holds(s, mid_identity(mid), encoded_mid, f) &&
	    icf_activate(s, mid_identity(mid), f);
}

bool
sho_wrap(struct store *s, const struct sho_case *c, const struct mid *mid, struct bytes encoded_mid,
    const struct signer *us, uint64_t now, uint64_t validity, struct buf *out, struct fault *f)
{
	struct mid_package header = {
		.sho = mid->sho, .pcid = c->verdict.sub, .exp = signed_until(now, validity), .iat = now,
		.nonce = c->registration.nonce, .mid = mid->id,
	};
	uint8_t digest[DIGEST_LEN];
	struct bytes asked = c->ahead ? BYTES(digest) : header.nonce;
	uint64_t scope = OPERATION_INSTALL;
	struct row row;
	bool found;

	digest_parts((struct bytes[]){ BYTES(c->digest), encoded_mid,
	    text_bytes(text_of("CMS")) }, c->cms ? 3 : 2, digest);
	if (!store_row(s, f, &row, "SELECT digest, object FROM package WHERE asked = ?1"
	    " UNION ALL SELECT digest, object FROM successor_package WHERE asked = ?1",
	    V_BYTES(asked)) || !same_answer(&row, BYTES(digest), out, &found, f))
		return false;
	if (found)
		return true;
	if (!text_is(mid->sho, us->cert.name))
		return fault_refuse(f, "wrong-operator", "mid.sho", "is %.*s, not us", (int)mid->sho.n,
		    mid->sho.p);
	if (c->ahead ? !may_prepare(c, us->cert.name, now, f) :
	    !sho_may_provision(c, us->cert.name, now, f) || !is_authorized(s, c, &scope, f))
		return false;
	if (!may_seal(s, c, scope, mid, encoded_mid, f) ||
	    !sho_next_counter(s, header.pcid, &header.counter, f) ||
	    !seal_to(c, &header, mid, encoded_mid, us, out, f))
		return false;
	return scope == OPERATION_UPDATE ?
	    keep_successor(s, asked, BYTES(digest), encoded_mid, buf_bytes(out), f) :
	    keep_first(s, c, mid, asked, BYTES(digest), header.pcid, buf_bytes(out), f);
}
