/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sign.h"
#include "msg/cose.h"

static const uint8_t empty_map[] = { 0xa0 };

/* An empty protected header is signed as no bytes, however it was sent (RFC 9052 3). */
static struct bytes
canonical(struct bytes protected)
{
	return bytes_equal(protected, BYTES(empty_map)) ? (struct bytes){ 0 } : protected;
}

/* RFC 9052 4.4 */
static struct bytes
sig_structure(struct bytes protected, struct bytes external, struct bytes payload)
{
	static struct buf b;

	b.n = 0;
	wire_put_array(&b, 4);
	wire_put_text(&b, text_of("Signature1"));
	wire_put_bytes(&b, canonical(protected));
	wire_put_bytes(&b, external);
	wire_put_bytes(&b, payload);
	return buf_bytes(&b);
}

void
cose_sign(EVP_PKEY *key, struct bytes protected, struct bytes external, struct bytes payload,
    uint8_t signature[static SIGNATURE])
{
	sign_make(key, sig_structure(protected, external, payload), signature);
}

bool
cose_verify(EVP_PKEY *key, uint64_t alg, struct bytes protected, struct bytes external,
    struct bytes payload, struct bytes signature)
{
	return alg != 0 && sign_check(key, cose_algorithms.codes[alg - 1],
	    sig_structure(protected, external, payload), signature);
}
