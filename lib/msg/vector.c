/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/vector.h"

void
vector_sres(struct bytes res, uint8_t sres[static 4])
{
	memset(sres, 0, 4);
	for (size_t i = 0; i < res.n; i++)
		sres[i % 4] ^= res.p[i];
}

void
vector_kc(const uint8_t *ck, const uint8_t *ik, uint8_t kc[static 8])
{
	for (int i = 0; i < 8; i++)
		kc[i] = ck[i] ^ ck[i + 8] ^ ik[i] ^ ik[i + 8];
}

static void
make_5g(struct vector *v, struct bytes res, struct av *out)
{
	struct text network = kdf_serving_network(out->plmn, v->serving_network);

	kdf_res_star(v->aka.ck, v->aka.ik, network, v->aka.rand, res, v->xres_star);
	if (out->kind == AV_5G_SE) {
		kdf_hres_star(v->aka.rand, v->xres_star, v->hxres_star);
		out->hxres_star = BYTES(v->hxres_star);
		return;
	}
	kdf_kausf(v->aka.ck, v->aka.ik, network, v->aka.autn, v->kausf);
	out->xres_star = BYTES(v->xres_star);
	out->kausf = BYTES(v->kausf);
}

static void
make_gsm(struct vector *v, struct bytes res, struct av *out)
{
	vector_sres(res, v->sres);
	vector_kc(v->aka.ck, v->aka.ik, v->kc);
	out->sres = BYTES(v->sres);
	out->kc = BYTES(v->kc);
}

static void
make_prime(struct vector *v, struct av *out)
{
	kdf_prime(v->aka.ck, v->aka.ik, out->network, v->aka.autn, v->primes);
	out->ck_prime = (struct bytes){ v->primes, AKA_KEY };
	out->ik_prime = (struct bytes){ v->primes + AKA_KEY, AKA_KEY };
}

void
vector_make(const struct credential *c, uint64_t sqn, struct vector *v, struct av *out)
{
	struct aka_keys keys = credential_keys(c);
	uint8_t amf[AKA_AMF] = { c->amf.p[0], c->amf.p[1] }, sn_id[KDF_SN_ID];
	struct bytes res;

	if (vector_is_separated(out->kind))
		amf[0] |= AKA_SEPARATION;
	aka_vector(&keys, sqn, amf, &v->aka);
	res = (struct bytes){ v->aka.res, v->aka.res_n };
	out->rand = BYTES(v->aka.rand);
	if (out->kind != AV_GSM)
		out->autn = BYTES(v->aka.autn);
	switch (out->kind) {
	case AV_GSM: make_gsm(v, res, out); break;
	case AV_5G_HE:
	case AV_5G_SE: make_5g(v, res, out); break;
	case AV_UMTS:
		out->xres = res;
		out->ck = BYTES(v->aka.ck);
		out->ik = BYTES(v->aka.ik);
		break;
	case AV_EPS:
		out->xres = res;
		kdf_sn_id(out->plmn, sn_id);
		kdf_kasme(v->aka.ck, v->aka.ik, sn_id, v->aka.autn, v->kasme);
		out->kasme = BYTES(v->kasme);
		break;
	case AV_EAP_AKA_PRIME:
		out->xres = res;
		make_prime(v, out);
		break;
	}
}
