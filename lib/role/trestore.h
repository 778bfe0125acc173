/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trestore.h - the store of a TRE: its tables, and the seal over all that they hold.
 *
 * The seal is HMAC-SHA-256 over every row of every other table, under a key of its own
 * (HKDF-SHA-256 of the storage key, without salt, info "m2mkit tre store").  It is compared at the
 * beginning of every transaction, before anything is read, and renewed in the transaction that
 * changes something: whoever writes to the file otherwise is noticed.  A row is a CBOR array, see
 * row_encode(): the name of its table, then its columns; tables follow in the order of the schema,
 * rows in the order of their keys.  An older store with its older seal is not noticed.
 */
#ifndef TRESTORE_H
#define TRESTORE_H

#include "store/store.h"

struct store *trestore_open(const char *path, bool create);	/* as store_open() */

/*
 * Of a store that is new, or was left by somebody who was stopped: false, and a fault of the world,
 * when it holds a row or is not ours.
 */
bool trestore_is_blank(struct store *s, struct fault *f);

/* From here on every transaction is sealed.  One store per process. */
void trestore_seal(struct store *s, struct bytes storage_key);

#endif
