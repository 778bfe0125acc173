/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.h - objects as JSON, both ways: fields by their CDDL names, bytes as
 * lower-case hex, numbers and times as numbers, choices as words.
 */
#ifndef JSON_H
#define JSON_H

#include "wire/record.h"

/* Appends one line. Secrets are "…" unless reveal. */
void json_write(const struct record *r, const void *obj, bool reveal, struct buf *out);

/* Appends one line for a PEM block that is none of our objects; t describes it. */
void json_write_pem(struct text t, struct buf *out);

struct json_reader;
struct json_reader *json_open(void);	/* of JSON values on the open input, one after the other */

/*
 * Takes the next value and appends it, encoded as r demands and checked by
 * record_decode(): 1 done, 0 end of input, -1 when *f (STATUS_REQUEST) says
 * what is wrong with it.  After malformed JSON, or a value of more than 512 KiB, there is no
 * next value.
 */
int json_read(struct json_reader *j, const struct record *r, struct buf *out, struct fault *f);

#endif
