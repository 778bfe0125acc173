/* SPDX-License-Identifier: Apache-2.0 */
/* armor.h - PEM (RFC 7468): objects as text that survives mail, consoles and editors */
#ifndef ARMOR_H
#define ARMOR_H

#include "base/bytes.h"
#include "base/fault.h"

enum { LABEL_MAX = 48 };

/* Appends a block. */
void armor_add(struct buf *out, const char *label, struct bytes der);

/*
 * Looks for one block at the start of in; lines before it are explanatory text
 * and are passed over.  Answers how many bytes of in were used, with the
 * content in *out and the label in label; 0 when the block is not all there yet;
 * -1 when *f says what is wrong with it.
 */
ptrdiff_t armor_take(struct bytes in, char label[static LABEL_MAX], struct buf *out,
    struct fault *f);

#endif
