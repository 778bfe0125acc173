/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cms.h"

#include <openssl/cms.h>
#include <openssl/err.h>

#include "base/die.h"

#define CLAIMS_OID ROLE_ARC ".64"	/* a signed attribute: OCTET STRING */

/* --- reading ---------------------------------------------------------------------- */

static CMS_ContentInfo *
parse(struct bytes der, int type)
{
	const unsigned char *end = der.p;
	CMS_ContentInfo *info = d2i_CMS_ContentInfo(NULL, &end, (long)der.n);

	if (info != NULL && end == der.p + der.n && OBJ_obj2nid(CMS_get0_type(info)) == type)
		return info;
	CMS_ContentInfo_free(info);
	ERR_clear_error();
	return NULL;
}

static struct bytes
string_bytes(const ASN1_OCTET_STRING *s)
{
	return (struct bytes){ ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s) };
}

/* --- the sealed part -------------------------------------------------------------- */

/* Its one recipient, by key agreement; NULL: there is none, or another. */
static CMS_RecipientInfo *
recipient(CMS_ContentInfo *info)
{
	STACK_OF(CMS_RecipientInfo) *all = CMS_get0_RecipientInfos(info);
	CMS_RecipientInfo *r = sk_CMS_RecipientInfo_value(all, 0);

	return sk_CMS_RecipientInfo_num(all) == 1 && CMS_RecipientInfo_type(r) == CMS_RECIPINFO_AGREE ?
	    r : NULL;
}

static bool
is_bound(CMS_RecipientInfo *r, struct bytes bound)
{
	ASN1_OCTET_STRING *ukm;
	X509_ALGOR *unused;

	return CMS_RecipientInfo_kari_get0_alg(r, &unused, &ukm) == 1 && ukm != NULL &&
	    bytes_equal(bound, string_bytes(ukm));
}

/* The memory of a BIO is wiped when it is freed. */
static bool
decrypt(CMS_ContentInfo *info, struct buf *out)
{
	BIO *plain = BIO_new(BIO_s_mem());
	char *p;
	long n;
	bool ok = plain != NULL && CMS_decrypt(info, NULL, NULL, NULL, plain, CMS_BINARY) == 1;

	if (ok && (n = BIO_get_mem_data(plain, &p)) > 0)
		buf_add(out, (struct bytes){ (const uint8_t *)p, (size_t)n });
	BIO_free(plain);
	return ok;
}

static bool
unseal(CMS_ContentInfo *info, EVP_PKEY *own, struct bytes bound, struct buf *out, struct fault *f)
{
	CMS_RecipientInfo *r = recipient(info);

	if (r == NULL)
		return fault_request(f, NULL, "needs one recipient by key agreement");
	if (!is_bound(r, bound))
		return fault_refuse(f, "tampered", NULL, "is bound to another header");
	if (CMS_decrypt_set1_pkey(info, own, NULL) != 1)
		return fault_refuse(f, "not-for-us", "recipient", "does not open with this key");
	return decrypt(info, out) || fault_refuse(f, "tampered", NULL, "body is not what was sealed");
}

bool
cms_unseal(EVP_PKEY *own, struct bytes bound, struct bytes sealed, struct buf *out, struct fault *f)
{
	CMS_ContentInfo *info = parse(sealed, NID_id_smime_ct_authEnvelopedData);
	bool ok;

	if (info == NULL)
		return fault_request(f, NULL, "needs an AuthEnvelopedData (RFC 5083)");
	ok = unseal(info, own, bound, out, f);
	CMS_ContentInfo_free(info);
	ERR_clear_error();
	return ok;
}

/* --- signing ---------------------------------------------------------------------- */

static X509 *
certificate(struct bytes der)
{
	uint8_t fingerprint[DIGEST_LEN];
	X509 *x = x509_parse(der, fingerprint);

	if (x == NULL)
		die_world("cannot read the signer's certificates");
	return x;
}

/* The signing time is said, not asked of the clock: a run can be replayed. */
static bool
add_signer(CMS_ContentInfo *info, EVP_PKEY *key, const struct chain *chain, uint64_t when,
    struct bytes claims)
{
	X509 *x = certificate(chain->der[0]);
	CMS_SignerInfo *s = CMS_add1_signer(info, x, key, EVP_sha256(), CMS_BINARY | CMS_NOSMIMECAP |
	    CMS_PARTIAL);
	ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)when);
	ASN1_OBJECT *attribute = OBJ_txt2obj(CLAIMS_OID, 1);
	bool ok = s != NULL && time != NULL && attribute != NULL &&
	    CMS_signed_add1_attr_by_NID(s, NID_pkcs9_signingTime, time->type, time, -1) == 1 &&
	    CMS_signed_add1_attr_by_OBJ(s, attribute, V_ASN1_OCTET_STRING, claims.p, (int)claims.n) == 1;

	X509_free(x);
	for (size_t i = 1; ok && i < chain->n; i++) {
		x = certificate(chain->der[i]);
		ok = CMS_add1_cert(info, x) == 1;
		X509_free(x);
	}
	ASN1_TIME_free(time);
	ASN1_OBJECT_free(attribute);
	return ok;
}

static void
encode(CMS_ContentInfo *info, struct buf *out)
{
	unsigned char *to;
	int n = i2d_CMS_ContentInfo(info, NULL);

	if (n <= 0)
		die_world("cannot write a CMS object");
	to = buf_room(out, (size_t)n);
	i2d_CMS_ContentInfo(info, &to);
	out->n += (size_t)n;
}

bool
cms_sign(EVP_PKEY *key, const struct chain *signer, uint64_t when, struct bytes claims,
    struct bytes content, struct buf *out, struct fault *f)
{
	CMS_ContentInfo *info;
	BIO *data;

	if (!key_is_p256(key))
		return fault_request(f, NULL, "a CMS object needs a key on P-256 to sign");
	info = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_BINARY);
	data = BIO_new_mem_buf(content.p, (int)content.n);
	if (info == NULL || data == NULL ||
	    CMS_set1_eContentType(info, OBJ_nid2obj(NID_id_smime_ct_contentInfo)) != 1 ||
	    !add_signer(info, key, signer, when, claims) || CMS_final(info, data, NULL, CMS_BINARY) != 1)
		die_world("cannot sign a CMS object");
	encode(info, out);
	BIO_free(data);
	CMS_ContentInfo_free(info);
	return true;
}

/* --- a signed one ----------------------------------------------------------------- */

static CMS_SignerInfo *
signer_info(const struct cms *c)
{
	STACK_OF(CMS_SignerInfo) *all = CMS_get0_SignerInfos(c->info);

	return sk_CMS_SignerInfo_num(all) == 1 ? sk_CMS_SignerInfo_value(all, 0) : NULL;
}

static void
add_certificate(struct cms *c, const X509 *x)
{
	struct buf *der = &c->der[c->chain.n];

	x509_der(x, der);
	c->chain.der[c->chain.n++] = buf_bytes(der);
}

/* The signer's first, whatever the order they came in. */
static bool
read_chain(struct cms *c, CMS_SignerInfo *s)
{
	STACK_OF(X509) *all = CMS_get1_certs(c->info);
	X509 *own = NULL;
	int n = sk_X509_num(all);
	bool ok = n >= 1 && n <= CHAIN_MAX;

	for (int i = 0; ok && i < n; i++)
		if (own == NULL && CMS_SignerInfo_cert_cmp(s, sk_X509_value(all, i)) == 0)
			own = sk_X509_value(all, i);
	if ((ok = ok && own != NULL))
		add_certificate(c, own);
	for (int i = 0; ok && i < n; i++)
		if (sk_X509_value(all, i) != own)
			add_certificate(c, sk_X509_value(all, i));
	sk_X509_pop_free(all, X509_free);
	return ok;
}

static bool
read_claims(struct cms *c, CMS_SignerInfo *s)
{
	ASN1_OBJECT *attribute = OBJ_txt2obj(CLAIMS_OID, 1);
	/* -3: there must be one, of one value */
	ASN1_OCTET_STRING *claims = CMS_signed_get0_data_by_OBJ(s, attribute, -3, V_ASN1_OCTET_STRING);

	ASN1_OBJECT_free(attribute);
	if (claims != NULL)
		c->claims = string_bytes(claims);
	return claims != NULL;
}

static bool
read_content(struct cms *c)
{
	ASN1_OCTET_STRING **content = CMS_get0_content(c->info);

	if (OBJ_obj2nid(CMS_get0_eContentType(c->info)) != NID_id_smime_ct_contentInfo ||
	    content == NULL || *content == NULL)
		return false;
	c->content = string_bytes(*content);
	return true;
}

static bool
is_sha256(CMS_SignerInfo *s)
{
	X509_ALGOR *digest, *signature;

	CMS_SignerInfo_get0_algs(s, NULL, NULL, &digest, &signature);
	return OBJ_obj2nid(digest->algorithm) == NID_sha256 &&
	    OBJ_obj2nid(signature->algorithm) == NID_ecdsa_with_SHA256;
}

static bool
read_parts(struct cms *c, struct fault *f)
{
	CMS_SignerInfo *s;

	if (c->info == NULL)
		return fault_request(f, NULL, "needs a SignedData (RFC 5652)");
	if ((s = signer_info(c)) == NULL)
		return fault_request(f, NULL, "needs one signer");
	if (!is_sha256(s))
		return fault_request(f, NULL, "needs ecdsa-with-SHA256");
	if (!read_content(c))
		return fault_request(f, NULL, "needs a ContentInfo as content");
	if (!read_claims(c, s))
		return fault_request(f, NULL, "needs claims as a signed attribute");
	return read_chain(c, s) || fault_request(f, NULL, "needs the signer's certificate among 1 to %d",
	    CHAIN_MAX);
}

bool
cms_read(struct bytes der, struct cms *c, struct fault *f)
{
	c->info = parse(der, NID_pkcs7_signed);
	if (read_parts(c, f))
		return true;
	cms_free(c);
	return false;
}

/* By the very certificate that was read: two may have one name and number. */
static bool
is_signer(const struct cms *c)
{
	STACK_OF(X509) *signers = CMS_get0_signers(c->info);
	struct buf der = { 0 };
	bool same;

	x509_der(sk_X509_value(signers, 0), &der);
	same = bytes_equal(buf_bytes(&der), c->chain.der[0]);
	sk_X509_free(signers);
	buf_free(&der);
	return same;
}

/* Whether the certificate is believed is for trust_check() to say. */
bool
cms_verify(const struct cms *c)
{
	bool ok = CMS_verify(c->info, NULL, NULL, NULL, NULL,
	    CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1 && is_signer(c);

	ERR_clear_error();
	return ok;
}

void
cms_free(struct cms *c)
{
	CMS_ContentInfo_free(c->info);
	for (size_t i = 0; i < CHAIN_MAX; i++)
		buf_free(&c->der[i]);
	*c = (struct cms){ 0 };
	ERR_clear_error();
}
