/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/input.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"
#include "wire/armor.h"

enum { READ_SIZE = 64 * 1024, SEQUENCE = 0x30 };

struct source {
	const char *const *files;	/* still to be opened */
	const char *name;		/* of the file at hand; NULL: standard input */
	bool several;			/* files are named: messages tell which */
	int fd;
	bool end;
	struct buf buf, pem;
	size_t at;			/* items before this were handled */
	char label[LABEL_MAX];
	void (*before_wait)(void);
};

static struct source in;
static void
wipe(void)
{
	/* nothing is behind them: most of a room that was never used stays so */
	buf_drop(&in.buf, in.buf.n);
	buf_wipe(&in.pem);
}

_Noreturn void
input_broken(const char *fmt, ...)
{
	char fact[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(fact, sizeof fact, fmt, ap);
	va_end(ap);
	in.before_wait();
	die_request("%s", fact);
}

static void
open_next(void)
{
	in.name = *in.files++;
	in.end = false;
	if (in.several)
		die_file = in.name;
	if (strcmp(in.name, "-") == 0) {
		in.name = NULL;
		in.fd = STDIN_FILENO;
	} else if ((in.fd = open(in.name, O_RDONLY | O_CLOEXEC)) == -1) {
		int why = errno;

		in.before_wait();
		errno = why;
		die_item = 0;
		die_errno("cannot open '%s'", in.name);
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
		in.before_wait();
	do
		got = read(in.fd, buf_room(&in.buf, READ_SIZE), READ_SIZE);
	while (got == -1 && errno == EINTR);
	if (got == -1) {
		int why = errno;

		in.before_wait();
		errno = why;
		die_item = 0;
		if (in.name != NULL)
			die_errno("cannot read '%s'", in.name);
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
			input_broken("longer than %d bytes", 2 * ITEM_MAX);
		if (!read_more())
			input_broken("neither CBOR nor a whole PEM block");
	}
	if (used < 0)
		input_broken("%s", f.fact);
	in.at += (size_t)used;
	*item = (struct item){ .bytes = buf_bytes(&in.pem), .label = in.label };
	if (!is_ours(in.label))
		return true;
	item->label = NULL;
	item->type = item_type(item->bytes);
	item_label(item->type, label);
	if (strcmp(label, in.label) != 0)
		input_broken("labelled '%s', but is %.*s", in.label,
		    item->type.p ? (int)item->type.n : 10,
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
			input_broken("longer than %d bytes", ITEM_MAX);
		if (!read_more())
			input_broken("truncated after %zu bytes", unread().n);
	}
	if (span.at > ITEM_MAX)
		input_broken("longer than %d bytes", ITEM_MAX);
	item->label = NULL;
	item->bytes = unread();
	if (wrong == NULL)
		item->bytes.n = span.at;
	item->type = item_type(item->bytes);
	item->wrong = wrong;
	item->wrong_at = span.at;
	in.at += span.at;
	return true;
}

/* Something to take, of this file or the next; false at the end of all. */
static bool
more(void)
{
	while (unread().n == 0 && !read_more()) {
		if (*in.files == NULL)
			return false;
		open_next();
	}
	return true;
}

/* Bytes of the DER SEQUENCE at the front, head and all; 0: not enough is there to tell; -1: there is none. */
static ptrdiff_t
der_span(struct bytes s)
{
	size_t lengths, n = 0;

	if (s.n > 0 && s.p[0] != SEQUENCE)
		return -1;
	if (s.n < 2)
		return 0;
	if (s.p[1] < 0x80)
		return 2 + s.p[1];
	lengths = s.p[1] & 0x7f;
	if (lengths == 0 || lengths > 3)
		return -1;
	if (s.n < 2 + lengths)
		return 0;
	for (size_t i = 0; i < lengths; i++)
		n = n << 8 | s.p[2 + i];
	return n <= ITEM_MAX ? (ptrdiff_t)(2 + lengths + n) : -1;
}

bool
input_take_der(struct item *item)
{
	ptrdiff_t n;

	if (!more())
		return false;
	die_item++;
	while ((n = der_span(unread())) == 0 || (n > 0 && (size_t)n > unread().n))
		if (!read_more()) {
			n = -1;
			break;
		}
	*item = (struct item){ .bytes = { in.buf.p + in.at, n > 0 ? (size_t)n : unread().n },
	    .wrong = n > 0 ? NULL : "no DER sequence" };
	in.at += item->bytes.n;
	return true;
}

/* Objects are maps or tags; anything that could be text is PEM or the words before it. */
bool
input_take(struct item *item)
{
	while (more() && isspace(unread().p[0]))
		in.at++;
	if (unread().n == 0)
		return false;
	die_item++;
	return (unread().p[0] < 0x80 ? take_armored : take_encoded)(item);
}

int
input_byte(void)
{
	return more() ? in.buf.p[in.at++] : -1;
}

void
input_back(void)
{
	in.at--;
}

void
input_open(const char *const *files, void (*before_wait)(void))
{
	static const char *const standard_input[] = { "-", NULL };

	in.files = *files != NULL ? files : standard_input;
	in.several = *files != NULL && files[1] != NULL;
	in.before_wait = before_wait;
	atexit(wipe);
	open_next();
}
