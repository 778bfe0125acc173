/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/vector.h"

void
vector_make(const struct credential *c, uint64_t sqn, struct aka_vector *v, struct av *out)
{
	struct aka_keys keys = credential_keys(c);

	aka_vector(&keys, sqn, c->amf.p, v);
	out->kind = AV_UMTS;
	out->rand = BYTES(v->rand);
	out->autn = BYTES(v->autn);
	out->xres = (struct bytes){ v->res, v->res_n };
	out->ck = BYTES(v->ck);
	out->ik = BYTES(v->ik);
}
