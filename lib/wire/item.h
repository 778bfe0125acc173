/* SPDX-License-Identifier: Apache-2.0 */
/* item.h - one object of a stream, before it is known what it is */
#ifndef ITEM_H
#define ITEM_H

#include "wire/armor.h"
#include "wire/record.h"

enum { ITEM_MAX = 256 * 1024 };		/* bytes of one object */

struct item {
	struct bytes bytes;	/* CBOR, or inside of a PEM block; good until the step returns */
	struct text type;	/* the type it claims, "pcid/1"; absent: none */
	const char *label;	/* of a PEM block that is none of ours: "CERTIFICATE"; else NULL */
	const char *wrong;	/* why the bytes are no item, and nothing behind them; else NULL */
	size_t wrong_at;	/* byte */
};

/*
 * The type encoded bytes claim, without trusting them: key 0 of a record, the
 * content type of a COSE_Sign1; absent when they claim none.
 */
struct text item_type(struct bytes encoded);
struct text item_content_type(struct bytes header);	/* of a protected header */
void item_label(struct text type, char label[static LABEL_MAX]);	/* "pcid/1": "M2M PCID" */

/* Take an item as the record it must be; *f when it is another, or malformed. */
bool item_decode(const struct item *item, const struct record *r, void *obj, struct fault *f);
bool item_is(const struct item *item, const struct record *r);	/* by its claimed type */

/*
 * As item_decode(), of a copy of the item in *keep, so that views outlive the
 * step.  When it fails, *obj is all zero.
 */
bool item_keep(const struct item *item, const struct record *r, void *obj, struct buf *keep,
    struct fault *f);

/* Fault: the item is none of what the tool takes; wanted: "registration/1 or evidence/1". */
bool item_unwanted(const struct item *item, const char *wanted, struct fault *f);

#endif
