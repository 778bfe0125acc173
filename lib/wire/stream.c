/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/stream.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/die.h"
#include "wire/armor.h"
#include "wire/output.h"

enum { READ_SIZE = 64 * 1024 };

struct source {
	const char *const *files;	/* still to be opened */
	int fd;
	bool end;			/* of the file at hand */
	const char *wrong;		/* with the bytes at hand, at wrong_at: no item follows them */
	size_t wrong_at;
	struct buf buf, pem;
	size_t at;			/* items before this were handled */
	char label[LABEL_MAX];
};

static struct source in;
static const struct stream_guard *guard;
static time_t left_at;		/* when the output last left */
static const char *expected;	/* what the case at hand still needs */

static void
wipe(void)
{
	buf_wipe(&in.buf);
	buf_wipe(&in.pem);
}

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
	if (guard != NULL && guard->before_leaving != NULL && !guard->before_leaving(guard->state, &f)) {
		output_drop();
		die_fault(&f);
	}
	if (output_pending())
		output_leave();
	show_progress(false);
}

/* A tool with little output would keep other writers from its ledger for as long as its input lasts. */
static bool
held_long(void)
{
	return guard != NULL && time(NULL) != left_at;
}

__attribute__((format(printf, 1, 2))) static _Noreturn void
broken(const char *fmt, ...)
{
	char fact[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(fact, sizeof fact, fmt, ap);
	va_end(ap);
	leave();
	die_request("%s", fact);
}

/* --- arriving -------------------------------------------------------------- */

static void
open_next(void)
{
	const char *name = *in.files++;

	in.end = false;
	if (strcmp(name, "-") == 0)
		in.fd = STDIN_FILENO;
	else if ((in.fd = open(name, O_RDONLY | O_CLOEXEC)) == -1) {
		int why = errno;

		leave();
		errno = why;
		die_item = 0;
		die_errno("cannot open '%s'", name);
	}
}

static bool
would_block(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 0;
}

/* More of the file at hand; false at its end. */
static bool
read_more(void)
{
	ssize_t got;

	if (in.end)
		return false;
	if (in.at > 0) {
		buf_drop(&in.buf, in.at);
		in.at = 0;
	}
	if (would_block(in.fd))
		leave();
	do
		got = read(in.fd, buf_room(&in.buf, READ_SIZE), READ_SIZE);
	while (got == -1 && errno == EINTR);
	if (got == -1) {
		int why = errno;

		leave();
		errno = why;
		die_item = 0;
		die_errno("cannot read");
	}
	in.end = got == 0;
	in.buf.n += (size_t)got;
	if (in.end && in.fd != STDIN_FILENO)
		close(in.fd);
	return !in.end;
}

static struct bytes
unread(void)
{
	return (struct bytes){ in.buf.p + in.at, in.buf.n - in.at };
}

static bool
is_ours(const char *label)
{
	return strncmp(label, "M2M ", 4) == 0;
}

static bool
take_armored(struct item *item)
{
	char label[LABEL_MAX];
	struct fault f;
	ptrdiff_t used;

	while ((used = armor_take(unread(), in.label, &in.pem, &f)) == 0) {
		if (unread().n > 2 * ITEM_MAX)
			broken("longer than %d bytes", 2 * ITEM_MAX);
		if (!read_more())
			broken("neither CBOR nor a whole PEM block");
	}
	if (used < 0)
		broken("%s", f.fact);
	in.at += (size_t)used;
	*item = (struct item){ .bytes = buf_bytes(&in.pem), .label = in.label };
	if (!is_ours(in.label))
		return true;
	item->label = NULL;
	item->type = item_type(item->bytes);
	item_label(item->type, label);
	if (strcmp(label, in.label) != 0)
		broken("labelled '%s', but is %.*s", in.label, item->type.p ? (int)item->type.n : 10,
		    item->type.p ? (const char *)item->type.p : "no object");
	return true;
}

static bool
take_encoded(struct item *item)
{
	struct wire_span span;
	const char *wrong;

	span.at = span.depth = 0;
	while ((wrong = wire_span(&span, unread())) == wire_truncated) {
		if (unread().n > ITEM_MAX)
			broken("longer than %d bytes", ITEM_MAX);
		if (!read_more())
			broken("truncated after %zu bytes", unread().n);
	}
	if (span.at > ITEM_MAX)
		broken("longer than %d bytes", ITEM_MAX);
	in.wrong = wrong;
	in.wrong_at = span.at;
	*item = (struct item){ .bytes = { in.buf.p + in.at, wrong == NULL ? span.at : unread().n } };
	item->type = item_type(item->bytes);
	in.at += span.at;
	return true;
}

/* Objects are maps or tags; anything that could be text is PEM or the words before it. */
static bool
take(struct item *item)
{
	for (;;) {
		while (unread().n > 0 && isspace(unread().p[0]))
			in.at++;
		if (unread().n == 0 && !read_more()) {
			if (*in.files == NULL)
				return false;
			open_next();
			continue;
		}
		if (unread().n == 0 || isspace(unread().p[0]))
			continue;
		die_item++;
		return (unread().p[0] < 0x80 ? take_armored : take_encoded)(item);
	}
}

/* --- running --------------------------------------------------------------- */

/* One item through the step: kept whole, or undone; of a refusal that is an object, only that is kept. */
static bool
handle(const struct item *item, stream_step *step, void *context, struct fault *f)
{
	struct fault undo;

	if (guard != NULL && guard->before_item != NULL && !guard->before_item(guard->state, f))
		return false;
	f->status = STATUS_DONE;	/* who says otherwise fills in all of it */
	f->answered = false;
	if (step(item, context, f)) {
		output_keep();
		done++;
		return true;
	}
	if (f->status != STATUS_DONE && guard != NULL && guard->undo_item != NULL &&
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

		if (guard != NULL && guard->undo_item != NULL && !guard->undo_item(guard->state, &undo))
			die_fault(&undo);
		output_drop();
		if (!accepted && f.status == STATUS_REQUEST && *f.where != '\0') {
			leave();
			die_fault(&f);
		}
	}
	broken("%s (byte %zu)", in.wrong, in.wrong_at);
}

static int
worst(int status, const struct fault *f)
{
	return (int)f->status > status ? (int)f->status : status;
}

int
stream_run(const char *const *files, stream_step *step, void *context, const struct stream_guard *g)
{
	static const char *const standard_input[] = { "-", NULL };
	int status = STATUS_DONE;
	struct item item;
	struct fault f;

	guard = g;
	in.files = *files != NULL ? files : standard_input;
	atexit(wipe);
	open_next();
	while (take(&item)) {
		if (in.wrong != NULL)
			end_in(&item, step, context);
		if (!handle(&item, step, context, &f)) {
			leave();
			warn_fault(&f);
			status = worst(status, &f);
			if (!cli_keep_going || f.status == STATUS_WORLD)
				return status;
		}
		if (output_full() || held_long())
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

int
stream_make(stream_step *step, void *context, const struct stream_guard *g)
{
	int status = STATUS_DONE;
	struct fault f;

	guard = g;
	for (;;) {
		if (handle(NULL, step, context, &f)) {
			if (output_full() || held_long())
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

/* --- putting --------------------------------------------------------------- */

void
stream_put_encoded(struct bytes item)
{
	char label[LABEL_MAX];

	if (!cli_armor) {
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
