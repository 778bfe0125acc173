/* SPDX-License-Identifier: Apache-2.0 */
/* plain.h - text fit for people: UTF-8 that steers no terminal, turns no text round, hides not */
#ifndef PLAIN_H
#define PLAIN_H

#include "base/bytes.h"

/* The character at the start of n > 0 bytes: its length, and *c; 0: that is no UTF-8. */
size_t utf8_take(const uint8_t *s, size_t n, uint32_t *c);

size_t plain_span(struct text t);	/* bytes before the first character that is not plain */
bool text_plain(struct text t);		/* all of it */

/*
 * Copies t, each byte of what is not plain, and each backslash, as "\x1b"; without a closing NUL.
 * Answers the length, at most 4 * t.n: out has room for that.
 */
size_t plain_spell(struct text t, uint8_t *out);

#endif
