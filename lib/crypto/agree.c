/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/agree.h"

#include <openssl/evp.h>

#include "base/die.h"
#include "crypto/openssl.h"
#include "crypto/token.h"
#include "crypto/tpm.h"

/*
 * The context is not kept: it would hold on to an ephemeral private key after
 * key_free(), for a gain of one part in thirty.  The peer was checked when its
 * key was made of a point; checking it here again would double the time.  Both are on
 * P-256: that point was, and OpenSSL takes no peer on another curve.
 */
void
agree(EVP_PKEY *own, EVP_PKEY *peer, uint8_t shared[static COORDINATE])
{
	uint8_t x[COORDINATE], y[COORDINATE];
	EVP_PKEY_CTX *ctx;
	size_t n = COORDINATE;

	if (tpm_holds(own)) {
		key_point(peer, x, y);
		tpm_agree(own, x, y, shared);
		return;
	}
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, own, token_properties(own));
	if (ctx == NULL || EVP_PKEY_derive_init(ctx) != 1 ||
	    EVP_PKEY_derive_set_peer_ex(ctx, peer, 0) != 1 ||
	    EVP_PKEY_derive(ctx, shared, &n) != 1 || n != COORDINATE)
		die_world("cannot agree on a key: %s", token_said("it is not fit"));
	EVP_PKEY_CTX_free(ctx);
}
