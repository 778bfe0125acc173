/* SPDX-License-Identifier: Apache-2.0 */
/* rules.h - what a table demands, in the words in which both reading and writing ask for it */
#ifndef RULES_H
#define RULES_H

#include "wire/record.h"

enum { RANGE_LEN = 96 };
/* "needs 1 to 64 bytes, has 65": of a field whose number, length or count is n. */
const char *rules_range(const struct field *f, uint64_t n, char out[static RANGE_LEN]);

/* Across the fields of a record that each fit: its check, and the content type of a COSE array. */
bool rules_across(const struct record *r, const void *obj, struct fault *f);

#endif
