/* SPDX-License-Identifier: Apache-2.0 */
/*
 * envelope.h - a package in either envelope.
 *
 * The one is a mid-package: a COSE_Sign1, and a COSE_Encrypt in it.  The other is CMS: a PEM block
 * "CMS", SignedData over AuthEnvelopedData, with the claims of a mid-package but the sealed part as
 * a signed attribute.  DER begins with the byte 30, a COSE_Sign1 with d2: that tells them apart.
 */
#ifndef ENVELOPE_H
#define ENVELOPE_H

#include "msg/package.h"
#include "msg/signed.h"

bool envelope_is_cms(struct bytes encoded);

/*
 * Appends the package with plain sealed to recipient, signed.  header: its sealed part is not looked
 * at; for CMS its key must be there.  False, *f of STATUS_REQUEST: for CMS the key of us must be on
 * P-256.
 */
bool envelope_make(const struct signer *us, EVP_PKEY *recipient, const struct mid_package *header,
    struct bytes plain, bool cms, struct buf *out, struct fault *f);

/* The claims alone, nothing checked; *p: views, until the next package is read. */
bool envelope_claims(struct bytes encoded, struct mid_package *p, struct fault *f);

/* As signed_open() with a mid-package; *p: views, until the next package is read. */
bool envelope_open(struct bytes encoded, struct trust *anchors, uint64_t now, struct mid_package *p,
    struct fault *f);
/* The same of an item, copied to *keep unless that is NULL; any other is a fault: needs wanted. */
bool envelope_take(const struct item *item, const char *wanted, struct trust *anchors, uint64_t now,
    struct mid_package *p, struct buf *keep, struct fault *f);
bool envelope_is_package(const struct item *item);

/* Appends what is sealed in an opened package.  Refused: [not-for-us] [tampered]. */
bool envelope_unseal(const struct mid_package *p, EVP_PKEY *own, struct buf *plain,
    struct fault *f);

/* What is signed in it, until the next package is read: the same package is the same there. */
struct bytes envelope_part(struct bytes encoded);

#endif
