/* SPDX-License-Identifier: Apache-2.0 */
/* reader.h - for decode.c and mapkey.c: where reading stands, and how it says what is wrong */
#ifndef READER_H
#define READER_H

#include "wire/record.h"

/* Where we are, outermost first; lives on the call stack. */
struct path {
	const struct path *up;
	const char *name;
};

struct reader {
	struct wire in;
	size_t base;		/* of in within the whole item: embedded records */
	struct fault *fault;
};

/* Fills the reader's fault and answers false: fmt at the byte at, in the field at the end of p. */
bool reader_wrong(struct reader *r, const struct path *p, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5), cold));
bool reader_unwanted(struct reader *r, const struct path *p, size_t at, enum wire_type want,
    enum wire_type has) __attribute__((cold));

/* Takes the next item, which must be of that type. */
static inline bool
reader_next(struct reader *r, const struct path *p, enum wire_type want, struct wire_item *item)
{
	size_t at = r->in.at;
	const char *wrong = wire_next(&r->in, item);

	if (wrong != NULL)
		return reader_wrong(r, p, at, "%s", wrong);
	return item->type == want || reader_unwanted(r, p, at, want, item->type);
}

/*
 * Takes the next key of a map and moves *f on to the field it is for.  before: where the key before
 * it is, 0: there is none; pairs: how many follow.
 */
bool key_take(struct reader *r, const struct path *up, const struct field **f,
    const struct field *end, size_t before, uint64_t pairs);

#endif
