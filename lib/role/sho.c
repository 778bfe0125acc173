/* SPDX-License-Identifier: Apache-2.0 */
#include "role/sho.h"

#include "msg/claims.h"
#include "role/icf.h"

static bool
names_fit(const struct sho_case *c, const char *us, struct fault *f)
{
	const struct registration *r = &c->registration;
	const struct verdict *v = &c->verdict;

	if (!text_is(r->sho, us))
		return fault_refuse(f, "wrong-operator", "registration.sho", "is %.*s, not us",
		    (int)r->sho.n, r->sho.p);
	if (!text_equal(v->pva, r->pva))
		return fault_refuse(f, "wrong-pva", "verdict.pva", "is not the one the registration names");
	if (!text_is(v->aud, us))
		return fault_refuse(f, "wrong-operator", "verdict.aud", "is %.*s, not us", (int)v->aud.n,
		    v->aud.p);
	return true;
}

bool
sho_may_provision(const struct sho_case *c, const char *us, uint64_t now, struct fault *f)
{
	const struct registration *r = &c->registration;
	const struct verdict *v = &c->verdict;

	if (!names_fit(c, us, f) || !signed_in_time("registration", r->iat, r->exp, now, f) ||
	    !signed_in_time("verdict", v->iat, v->exp, now, f))
		return false;
	if (!text_equal(v->sub, r->pcid))
		return fault_refuse(f, "wrong-pcid", "verdict.sub", "is not the registration's");
	if (!bytes_equal(v->eat_nonce, r->nonce))
		return fault_refuse(f, "wrong-nonce", "verdict.eat_nonce", "is not the registration's");
	if (!bytes_equal(v->ueid, r->ueid))
		return fault_refuse(f, "wrong-device", "verdict.ueid", "is not the registration's");
	if (v->submods.tre.status != EAR_AFFIRMING)
		return fault_refuse(f, "not-affirmed", "verdict.submods.tre.status", "is %s",
		    ear_statuses.words[v->submods.tre.status - 1]);
	return true;
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
	return same || fault_refuse(f, "nonce-used", "registration.nonce", "was answered for other content");
}

bool
sho_authorize(struct store *s, const struct sho_case *c, const struct signer *us, uint64_t now,
    uint64_t validity, struct buf *out, struct fault *f)
{
	const struct registration *r = &c->registration;
	struct row row;
	bool found;

	if (!store_row(s, f, &row, "SELECT digest, object FROM authorized WHERE nonce = ?1",
	    V_BYTES(r->nonce)) || !same_answer(&row, BYTES(c->digest), out, &found, f))
		return false;
	if (found)
		return true;
	if (!sho_may_provision(c, us->cert.name, now, f))
		return false;
	signed_encode(us, &authorization_record, &(struct authorization){
	    .sho = r->sho, .pcid = r->pcid, .aud = r->dpf, .exp = signed_until(now, validity), .iat = now,
	    .scope = OPERATION_INSTALL, .nonce = r->nonce,
	}, out);
	return store_run(s, f, NULL, "INSERT INTO authorized VALUES(?1, ?2, ?3)", V_BYTES(r->nonce),
	    V_BYTES(BYTES(c->digest)), V_BYTES(buf_bytes(out)));
}

static bool
is_authorized(struct store *s, const struct sho_case *c, struct fault *f)
{
	struct row row;
	bool same;

	if (!store_row(s, f, &row, "SELECT digest FROM authorized WHERE nonce = ?1",
	    V_BYTES(c->registration.nonce)))
		return false;
	if (!row.found)
		return fault_refuse(f, "not-authorized", "registration.nonce",
		    "is not authorised in this ledger; see sho-authorize");
	same = bytes_equal(row_bytes(&row, 0), BYTES(c->digest));
	row_done(&row);
	return same || fault_refuse(f, "not-authorized", "registration.nonce",
	    "was authorised with another registration or verdict");
}

static bool
next_counter(struct store *s, struct text pcid, uint64_t *counter, struct fault *f)
{
	struct row row;

	if (!store_row(s, f, &row, "INSERT INTO counter VALUES(?1, 1)"
	    " ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last", V_TEXT(pcid)))
		return false;
	*counter = row_int(&row, 0);
	row_done(&row);
	return true;
}

static void
seal(const struct mid_package *header, const struct verdict *v, struct bytes encoded_mid,
    const struct signer *us, struct buf *out)
{
	static struct buf external, sealed;
	struct mid_package p = *header;
	EVP_PKEY *key = key_from_point(v->cnf.key.x, v->cnf.key.y);

	external.n = sealed.n = 0;
	mid_package_header(&p, &external);
	cose_encrypt(key, buf_bytes(&external), encoded_mid, &sealed);
	key_free(key);
	p.sealed = buf_bytes(&sealed);
	signed_encode(us, &mid_package_record, &p, out);
}

static bool
key_usable(const struct verdict *v, struct fault *f)
{
	EVP_PKEY *key = key_from_point(v->cnf.key.x, v->cnf.key.y);

	key_free(key);
	return key != NULL || fault_request(f, "verdict.cnf.key", "is no point of the curve");
}

bool
sho_wrap(struct store *s, const struct sho_case *c, const struct mid *mid, struct bytes encoded_mid,
    const struct signer *us, uint64_t now, uint64_t validity, struct buf *out, struct fault *f)
{
	const struct registration *r = &c->registration;
	struct mid_package header = {
		.sho = r->sho, .pcid = r->pcid, .exp = signed_until(now, validity), .iat = now, .nonce = r->nonce,
		.mid = mid->id,
	};
	uint8_t digest[DIGEST_LEN];
	struct row row;
	uint64_t added;
	bool found;

	digest_parts((struct bytes[]){ BYTES(c->digest), encoded_mid }, 2, digest);
	if (!store_row(s, f, &row, "SELECT digest, object FROM package WHERE nonce = ?1",
	    V_BYTES(r->nonce)) || !same_answer(&row, BYTES(digest), out, &found, f))
		return false;
	if (found)
		return true;
	if (!text_is(mid->sho, us->cert.name))
		return fault_refuse(f, "wrong-operator", "mid.sho", "is %.*s, not us", (int)mid->sho.n,
		    mid->sho.p);
	if (!sho_may_provision(c, us->cert.name, now, f) || !key_usable(&c->verdict, f) ||
	    !is_authorized(s, c, f))
		return false;
	if (!icf_holds(s, mid_identity(mid), encoded_mid, f) || !icf_activate(s, mid_identity(mid), f) ||
	    !next_counter(s, r->pcid, &header.counter, f))
		return false;
	seal(&header, &c->verdict, encoded_mid, us, out);
	if (!store_run(s, f, &added, "INSERT INTO package VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
	    V_BYTES(r->nonce), V_BYTES(BYTES(digest)), V_TEXT(mid->id), V_BYTES(buf_bytes(out))))
		return false;
	return added == 1 || fault_refuse(f, "mid-used", "mid.id", "%.*s was sealed for another device",
	    (int)mid->id.n, mid->id.p);
}
