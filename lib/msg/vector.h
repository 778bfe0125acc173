/* SPDX-License-Identifier: Apache-2.0 */
/* vector.h - authentication vectors of every kind, made from a credential */
#ifndef VECTOR_H
#define VECTOR_H

#include "crypto/kdf.h"
#include "msg/attach.h"
#include "msg/credential.h"

struct vector {			/* holds what the object's views point into; secret: wipe it */
	struct aka_vector aka;	/* aka.rand is the input */
	uint8_t sres[4], kc[8];
	uint8_t kasme[KDF_KEY], kausf[KDF_KEY], primes[KDF_KEY];
	uint8_t xres_star[KDF_RES_STAR], hxres_star[KDF_RES_STAR];
	char serving_network[SERVING_NETWORK_MAX];
};

/*
 * Makes *out of the credential, v->aka.rand and sqn.  In: out->kind, and what the kind is bound to:
 * out->plmn (eps, 5g), out->network (eap-aka-prime); the rest of *out is filled with views of *v.
 * For eps, 5g and eap-aka-prime the separation bit of AMF is set, and CK and IK stay here (TS 33.401 6.1.1).
 */
void vector_make(const struct credential *c, uint64_t sqn, struct vector *v, struct av *out);

/* What the other side makes of a response: RES of a 5G vector to RES*, of GSM to SRES. */
void vector_sres(struct bytes res, uint8_t sres[static 4]);	/* c2 of TS 33.102 6.8.1.2 */
void vector_kc(const uint8_t *ck, const uint8_t *ik, uint8_t kc[static 8]);	/* c3 */

#endif
