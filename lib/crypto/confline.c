/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/confline.h"

/* Takes a line, those joined to it by a backslash at their ends. */
static bool
take_line(struct text *rest, struct text *line)
{
	size_t n = 0;

	if (rest->n == 0)
		return false;
	for (;; n++) {
		size_t end;

		while (n < rest->n && rest->p[n] != '\n')
			n++;
		for (end = n; end > 0 && rest->p[end - 1] == '\r';)
			end--;
		if (n >= rest->n || end == 0 || rest->p[end - 1] != '\\' ||
		    (end > 1 && rest->p[end - 2] == '\\'))
			break;
	}
	*line = (struct text){ rest->p, n };
	n += n < rest->n;
	*rest = (struct text){ rest->p + n, rest->n - n };
	return true;
}

/* What of t stands before the stop, without blanks around it. */
static struct text
before(struct text t, const char *stop)
{
	static const char blanks[] = " \t\r\n";
	const uint8_t *end = memmem(t.p, t.n, stop, strlen(stop));

	t.n = end != NULL ? (size_t)(end - t.p) : 0;
	while (t.n > 0 && memchr(blanks, t.p[0], sizeof blanks - 1) != NULL)
		t = (struct text){ t.p + 1, t.n - 1 };
	while (t.n > 0 && memchr(blanks, t.p[t.n - 1], sizeof blanks - 1) != NULL)
		t.n--;
	return t;
}

static struct text
after(struct text t, const uint8_t *at)
{
	return (struct text){ at, t.n - (size_t)(at - t.p) };
}

bool
conf_line_take(struct text *rest, struct conf_line *out)
{
	static const char mark[] = "\xef\xbb\xbf";	/* of UTF-8, at a file's beginning */
	struct text line;

	if (rest->n >= strlen(mark) && memcmp(rest->p, mark, strlen(mark)) == 0)
		*rest = after(*rest, rest->p + strlen(mark));
	while (take_line(rest, &line)) {
		struct text section = before(line, "]");

		if (section.n > 0 && section.p[0] == '[') {
			section = before(after(line, section.p + 1), "]");
			*out = (struct conf_line){ .section = section };
			return true;
		}
		*out = (struct conf_line){ .key = before(line, "=") };
		if (out->key.n == 0)
			continue;
		section = before(out->key, "::");
		if (section.n > 0) {
			out->section = section;
			out->key = after(out->key, section.p + section.n + strlen("::"));
		}
		return true;
	}
	return false;
}
