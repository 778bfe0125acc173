/* SPDX-License-Identifier: Apache-2.0 */
/* crl.h - certificate revocation lists, version 2 (RFC 5280 5), as a CA makes them */
#ifndef CRL_H
#define CRL_H

#include "crypto/plc.h"
#include "crypto/revocation.h"

/* Whether a CA's certificate lets it sign them; false: 2. */
bool crl_may_sign(const struct cert *c, const char *where, struct fault *f);

/* Appends an entry of the list: a serial number and since when and why it is revoked. */
void crl_add(struct buf *entries, struct bytes serial, const struct revocation *r);

/* Appends the list, DER: complete, with number, AKI and nextUpdate. */
void crl_make(const struct plc_issuer *issuer, uint64_t number, uint64_t this_update,
    uint64_t next_update, struct bytes entries, struct buf *out);

#endif
