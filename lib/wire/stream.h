/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.h - the pipe contract: objects in from files or standard input,
 * objects out to standard output, one item after the other.
 *
 * Memory is constant in the length of the stream.  Output leaves when 64 KiB
 * are full, at the end, and before a read that would block.  Only whole items
 * leave; of an item that fails, nothing.
 */
#ifndef STREAM_H
#define STREAM_H

#include "wire/item.h"

/* Handles one item; false when *f says why not. */
typedef bool stream_step(const struct item *item, void *context, struct fault *f);

/* What must happen to state around items and output; any may be NULL.  Each answers as a step. */
struct stream_guard {
	bool (*before_item)(void *state, struct fault *f);
	bool (*undo_item)(void *state, struct fault *f);	/* the step failed */
	bool (*before_leaving)(void *state, struct fault *f);	/* commit: output will leave */
	void *state;
};

/*
 * Runs step over every item of the files (none: standard input; "-": likewise)
 * and answers the exit status.  Dies of a broken stream.  No item at all is a fault of the
 * request.  guard may be NULL.
 */
int stream_run(const char *const *files, stream_step *step, void *context,
    const struct stream_guard *guard);

/*
 * Within a step: the case at hand is complete only with that object ("verdict/1"); NULL: it is.  An
 * input that ends before it is a fault of the request.
 */
void stream_expect(const char *type);

/*
 * Within a step: the item needs what should have come before it, "a registration before the
 * verdict".  False, with *f of the request; but where a bad object of the same case was
 * complained about already, the item is passed over without a word.
 */
bool stream_lacks(const char *what, struct fault *f);

/* For a tool that makes objects from none: calls step with NULL until it answers false with
 * f->status STATUS_DONE. */
int stream_make(stream_step *step, void *context, const struct stream_guard *guard);

/* For a tool that makes one object from none: calls step with NULL once. */
int stream_once(stream_step *step, void *context, const struct stream_guard *guard);

/*
 * Opens standard input for a step of stream_make() that reads it itself, by input_byte(): output
 * leaves before a read that would block.
 */
void stream_read_input(void);

void stream_put(const struct record *r, const void *obj);	/* armoured if --armor */
void stream_put_encoded(struct bytes item);			/* an object already encoded */
void stream_put_pem(const char *label, struct bytes der);
void stream_put_text(struct text t);				/* as it is */

#endif
