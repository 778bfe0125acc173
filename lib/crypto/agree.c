/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/agree.h"

#include <openssl/evp.h>

#include "base/die.h"
#include "crypto/openssl.h"

/*
 * The context is not kept: it would hold on to an ephemeral private key after
 * key_free(), for a gain of one part in thirty.  The peer was checked when its
 * key was made of a point; checking it here again would double the time.
 */
void
agree(EVP_PKEY *own, EVP_PKEY *peer, uint8_t shared[static COORDINATE])
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
	size_t n = COORDINATE;

	if (!key_is_p256(own) || ctx == NULL || EVP_PKEY_derive_init(ctx) != 1 ||
	    EVP_PKEY_derive_set_peer_ex(ctx, peer, 0) != 1 ||
	    EVP_PKEY_derive(ctx, shared, &n) != 1 || n != COORDINATE)
		die_world("cannot agree on a key");
	EVP_PKEY_CTX_free(ctx);
}
