/* SPDX-License-Identifier: Apache-2.0 */
/* input.h - objects from files or standard input, one after the other, CBOR or PEM */
#ifndef INPUT_H
#define INPUT_H

#include "wire/item.h"

/*
 * Files by name; none: standard input; "-": likewise.  before_wait is called before a read that
 * would block, and before the process dies of a broken input.  Dies: 3.
 */
void input_open(const char *const *files, void (*before_wait)(void));

/* The next item, good until called again; false at the end.  Counts die_item up.  Dies: 2, 3. */
bool input_take(struct item *item);

/*
 * The same of input that is DER, one SEQUENCE after the other: item->wrong says why the rest, which is
 * item->bytes, is none.
 */
bool input_take_der(struct item *item);

/* For input that is no objects: the next byte; -1 at the end. Dies: 3. */
int input_byte(void);
void input_back(void);		/* the byte just taken comes again */

/* The way out when there can be no next item. Dies: 2. */
_Noreturn void input_broken(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
