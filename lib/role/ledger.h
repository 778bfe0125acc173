/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger.h - the durable memory of the network's roles: one schema for CCIF,
 * RO and SHO, so that a small operator needs one file and a large one three.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include "store/store.h"

/*
 * An absent ledger is made only by what fills one: to all others it is a mistyped name, not an empty
 * ledger that knows nobody.  Dies: 3.
 */
struct store *ledger_open(const char *path);
struct store *ledger_make(const char *path);

/*
 * Takes the next n numbers of a range that starts at first: *got is the first of them.  They are
 * never given again, whoever asks and whatever is killed.  Refused: [used-up] beyond last.
 */
bool ledger_take(struct store *s, struct text range, uint64_t first, uint64_t last, uint64_t n,
    uint64_t *got, struct fault *f);

#endif
