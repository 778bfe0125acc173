/* SPDX-License-Identifier: Apache-2.0 */
/* show.h - objects for people */
#ifndef SHOW_H
#define SHOW_H

#include "wire/record.h"

struct show {
	struct buf *out;
	bool brief;		/* one line, envelope left out, long bytes cut */
	bool reveal;		/* secrets too */
	bool colour;
	void (*certificate)(struct bytes der, struct buf *out);	/* a line without its end */
};

/* Appends the object, ending in a line's end. */
void show_record(const struct show *s, const struct record *r, const void *obj);

/* Appends t as plain_spell() has it: it came from outside. */
void show_text(struct buf *out, struct text t);

#endif
