/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/envelope.h"

#include "crypto/cms.h"
#include "crypto/digest.h"

bool
envelope_is_cms(struct bytes encoded)
{
	return encoded.n > 0 && encoded.p[0] == 0x30;
}

/* --- out -------------------------------------------------------------------------- */

bool
envelope_make(const struct signer *us, EVP_PKEY *recipient, const struct mid_package *header,
    struct bytes plain, bool cms, struct buf *out, struct fault *f)
{
	static struct buf claims, sealed;
	struct mid_package p = *header;
	uint8_t bound[DIGEST_LEN];

	claims.n = sealed.n = 0;
	mid_package_header(&p, &claims);
	if (cms) {
		digest_sha256(buf_bytes(&claims), bound);
		cms_seal(recipient, p.key, BYTES(bound), plain, &sealed);
		return cms_sign(us->key, &us->chain, p.iat, buf_bytes(&claims), buf_bytes(&sealed), out, f);
	}
	cose_encrypt(recipient, buf_bytes(&claims), plain, &sealed);
	p.sealed = buf_bytes(&sealed);
	signed_encode(us, &mid_package_record, &p, out);
	return true;
}

/* --- in --------------------------------------------------------------------------- */

/* Its claims and its content, side by side in one place that is kept: c is not. */
static bool
cms_claims(const struct cms *c, struct mid_package *p, struct bytes *both, struct fault *f)
{
	static struct buf kept;
	size_t n = c->claims.n;

	kept.n = 0;
	buf_add(&kept, c->claims);
	buf_add(&kept, c->content);
	*both = buf_bytes(&kept);
	if (!mid_package_read_header((struct bytes){ kept.p, n }, p, f))
		return false;
	p->sealed = (struct bytes){ kept.p + n, kept.n - n };
	return true;
}

static bool
read_cms(struct bytes encoded, struct cms *c, struct mid_package *p, struct bytes *both,
    struct fault *f)
{
	if (!cms_read(encoded, c, f)) {
		fault_inside(f, "mid-package.cms");
		return false;
	}
	if (cms_claims(c, p, both, f))
		return true;
	cms_free(c);
	return false;
}

bool
envelope_claims(struct bytes encoded, struct mid_package *p, struct fault *f)
{
	struct cms c = { 0 };
	struct cose_sign1 o;
	struct bytes both;

	if (!envelope_is_cms(encoded))
		return record_decode(&mid_package_record, &o, encoded, f) &&
		    record_decode(&mid_package_claims_record, p, o.payload, f);
	if (!read_cms(encoded, &c, p, &both, f))
		return false;
	cms_free(&c);
	return true;
}

struct bytes
envelope_part(struct bytes encoded)
{
	struct mid_package p;
	struct cms c = { 0 };
	struct bytes both = { 0 };
	struct fault f;

	if (!envelope_is_cms(encoded))
		return signed_part(encoded);
	if (read_cms(encoded, &c, &p, &both, &f))
		cms_free(&c);
	return both;
}

/* In the order of signed_open(): certificates, signature, name. */
static bool
check_cms(const struct cms *c, const struct mid_package *p, struct trust *anchors, uint64_t now,
    struct fault *f)
{
	struct cert sho = { 0 };
	bool ok;

	if (!trust_check(anchors, &c->chain, ROLE_SHO, now, &sho, "mid-package.cms", f))
		return false;
	if (!(ok = cms_verify(c)))
		fault_refuse(f, "bad-signature", "mid-package.cms", "does not verify");
	else if (!(ok = text_is(p->sho, sho.name)))
		fault_refuse(f, "wrong-signer", "mid-package.sho", "is not who signed it");
	cert_free(&sho);
	return ok;
}

bool
envelope_open(struct bytes encoded, struct trust *anchors, uint64_t now, struct mid_package *p,
    struct fault *f)
{
	struct cms c = { 0 };
	struct bytes both;
	bool ok;

	if (!envelope_is_cms(encoded))
		return signed_open(encoded, &mid_package_record, anchors, now, p, NULL, f);
	if (!read_cms(encoded, &c, p, &both, f))
		return false;
	ok = check_cms(&c, p, anchors, now, f);
	cms_free(&c);
	return ok;
}

bool
envelope_is_package(const struct item *item)
{
	return item_is(item, &mid_package_record) ||
	    (item->label != NULL && strcmp(item->label, "CMS") == 0);
}

bool
envelope_take(const struct item *item, const char *wanted, struct trust *anchors, uint64_t now,
    struct mid_package *p, struct buf *keep, struct fault *f)
{
	struct bytes encoded = item->bytes;

	if (!envelope_is_package(item))
		return item_unwanted(item, wanted, f);
	if (keep != NULL) {
		buf_wipe(keep);
		buf_add(keep, encoded);
		encoded = buf_bytes(keep);
	}
	if (envelope_is_cms(encoded) != (item->label != NULL))
		return fault_request(f, "mid-package.cms", "needs a SignedData (RFC 5652)");
	return envelope_open(encoded, anchors, now, p, f);
}

bool
envelope_unseal(const struct mid_package *p, EVP_PKEY *own, struct buf *plain, struct fault *f)
{
	static struct buf claims;
	uint8_t bound[DIGEST_LEN];
	bool ok;

	claims.n = 0;
	mid_package_header(p, &claims);
	if (envelope_is_cms(p->sealed)) {
		digest_sha256(buf_bytes(&claims), bound);
		ok = cms_unseal(own, BYTES(bound), p->sealed, plain, f);
	} else
		ok = cose_decrypt(own, p->sealed, buf_bytes(&claims), plain, f);
	if (!ok)
		fault_inside(f, "mid-package.sealed");
	return ok;
}
