/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/stream.h"

#include <time.h>

#include "base/cli.h"
#include "base/die.h"
#include "wire/armor.h"
#include "wire/input.h"
#include "wire/output.h"
#include "wire/terminal.h"

enum { PER_COMMIT = 8 };		/* times 64 KiB of output */

static const struct stream_guard *guard;
static time_t left_at;		/* when the output last left */
static const char *expected;	/* what the case at hand still needs */
static bool lacking;		/* the item at hand needs what was to come before it */

/* --- leaving --------------------------------------------------------------- */

static size_t done;	/* items, for --progress */

/* Once a second, and at the end. */
static void
show_progress(bool end)
{
	static time_t last;
	static size_t said;
	time_t now = time(NULL);
	size_t at_hand = die_item;

	if (!cli_progress || done == said || (!end && now == last))
		return;
	last = now;
	said = done;
	die_item = 0;
	warn("%zu done", done);
	die_item = at_hand;
}

/* State first, then the answer: what has left was committed. */
static void
leave(void)
{
	struct fault f;

	left_at = time(NULL);
	if (guard != NULL && guard->before_leaving != NULL &&
	    !guard->before_leaving(guard->state, &f)) {
		output_drop();
		die_fault(&f);
	}
	if (output_pending())
		output_leave();
	show_progress(false);
}

/*
 * Whoever commits before what leaves goes further: half of the pages that
 * a batch changes are those of the next.  But a tool with little output would
 * keep other writers from its ledger for as long as its input lasts.
 */
static bool
enough(void)
{
	return output_full(guard != NULL ? PER_COMMIT : 1) || (guard != NULL && time(NULL) != left_at);
}

/* --- running --------------------------------------------------------------- */

/*
 * One item through the step: kept whole, or undone; of a refusal that is an object that is kept,
 * with what the step left in the state.
 */
static bool
handle(const struct item *item, stream_step *step, void *context, struct fault *f)
{
	struct fault undo;

	if (guard != NULL && guard->before_item != NULL && !guard->before_item(guard->state, f))
		return false;
	lacking = false;
	f->status = STATUS_DONE;	/* who says otherwise fills in all of it */
	f->answered = false;
	if (step(item, context, f)) {
		output_keep();
		done++;
		return true;
	}
	if (f->status != STATUS_DONE && !f->answered && guard != NULL && guard->undo_item != NULL &&
	    !guard->undo_item(guard->state, &undo))
		*f = undo;
	if (f->answered)
		output_keep();
	else
		output_drop();
	return false;
}

/* What cannot be an item ends the stream; the step is asked which field of its object it is in. */
static _Noreturn void
end_in(const struct item *item, stream_step *step, void *context)
{
	struct fault f = { 0 }, undo;

	if (item->type.p != NULL &&
	    (guard == NULL || guard->before_item == NULL || guard->before_item(guard->state, &f))) {
		bool accepted = step(item, context, &f);

		if (guard != NULL && guard->undo_item != NULL &&
		    !guard->undo_item(guard->state, &undo))
			die_fault(&undo);
		output_drop();
		if (!accepted && f.status == STATUS_REQUEST && *f.where != '\0') {
			leave();
			die_fault(&f);
		}
	}
	input_broken("%s (byte %zu)", item->wrong, item->wrong_at);
}

static int
worst(int status, const struct fault *f)
{
	return (int)f->status > status ? (int)f->status : status;
}

int
stream_run(const char *const *files, stream_step *step, void *context, const struct stream_guard *g)
{
	int status = STATUS_DONE;
	bool broken = false;	/* the case at hand has a bad object, which was complained about */
	struct item item;
	struct fault f;

	guard = g;
	left_at = time(NULL);
	input_open(files, leave);
	while (input_take(&item)) {
		bool taken;

		if (item.wrong != NULL)
			end_in(&item, step, context);
		taken = handle(&item, step, context, &f);
		if (!taken && !(broken && lacking)) {
			leave();
			warn_fault(&f);
			status = worst(status, &f);
			if (!cli_keep_going || f.status == STATUS_WORLD)
				return status;
		}
		broken = expected != NULL && (broken || !taken);
		if (enough())
			leave();
	}
	leave();
	if (die_item == 0)
		die_request("needs an object, has empty input");
	die_item = 0;
	show_progress(true);
	if (status == STATUS_DONE && expected != NULL)
		die_request("ends before its %s", expected);
	return status;
}

void
stream_expect(const char *type)
{
	expected = type;
}

bool
stream_lacks(const char *what, struct fault *f)
{
	lacking = true;
	return fault_request(f, NULL, "needs %s", what);
}

int
stream_make(stream_step *step, void *context, const struct stream_guard *g)
{
	int status = STATUS_DONE;
	struct fault f;

	guard = g;
	left_at = time(NULL);
	for (;;) {
		if (handle(NULL, step, context, &f)) {
			if (enough())
				leave();
			continue;
		}
		leave();
		if (f.status == STATUS_DONE) {
			show_progress(true);
			return status;
		}
		warn_fault(&f);
		status = worst(status, &f);
		if (!cli_keep_going || f.status == STATUS_WORLD)
			return status;
	}
}

int
stream_once(stream_step *step, void *context, const struct stream_guard *g)
{
	struct fault f;
	bool made;

	guard = g;
	made = handle(NULL, step, context, &f);
	leave();
	if (made)
		return STATUS_DONE;
	warn_fault(&f);
	return (int)f.status;
}

void
stream_read_input(void)
{
	static const char *const none[] = { NULL };

	input_open(none, leave);
}

/* --- putting --------------------------------------------------------------- */

void
stream_put_encoded(struct bytes item)
{
	char label[LABEL_MAX];

	if (!cli_armor) {
		terminal_guard();
		buf_add(output_item(), item);
		return;
	}
	item_label(item_type(item), label);
	armor_add(output_item(), label, item);
}

void
stream_put(const struct record *r, const void *obj)
{
	static struct buf encoded;

	if (!cli_armor) {
		terminal_guard();
		record_encode(r, obj, output_item());
		return;
	}
	record_encode(r, obj, &encoded);
	stream_put_encoded(buf_bytes(&encoded));
	buf_wipe(&encoded);
}

void
stream_put_pem(const char *label, struct bytes der)
{
	armor_add(output_item(), label, der);
}

void
stream_put_text(struct text t)
{
	buf_add(output_item(), text_bytes(t));
}
