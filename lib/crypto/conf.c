/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/conf.h"

#include <openssl/conf.h>
#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/cli.h"
#include "base/die.h"
#include "crypto/confline.h"
#include "crypto/openssl.h"

enum { LABEL = 320 };

struct entry {			/* texts belong to the CONF, which is never freed */
	const char *key, *value;
	bool noted, read;
};

struct section {
	const char *name;
	size_t first, count;	/* its entries */
	bool noted;		/* its heading was seen in the file */
	bool known;		/* somebody asked for it */
};

/*
 * A copy of the structure, for what OpenSSL's own look-up does not do: it falls
 * back to [default], which would hide a key that was put into the wrong section.
 */
struct conf {
	const char *path;
	struct buf sections, entries;
};

static struct section *
sections(struct conf *c)
{
	return (struct section *)(void *)c->sections.p;
}

static struct entry *
entries(struct conf *c)
{
	return (struct entry *)(void *)c->entries.p;
}

static size_t
section_count(const struct conf *c)
{
	return c->sections.n / sizeof(struct section);
}

_Noreturn void
conf_wrong(const struct conf *c, const char *section, const char *key, const char *fmt, ...)
{
	char fact[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(fact, sizeof fact, fmt, ap);
	va_end(ap);
	die_request("%s: [%s] %s: %s", c->path, section, key, fact);
}

/* --- loading --------------------------------------------------------------- */

static void
read_file(const char *path, struct buf *text)
{
	enum { AT_ONCE = 4096, MOST = 16 * 1024 * 1024 };
	FILE *f = fopen(path, "re");
	size_t got;

	if (f == NULL)
		die_errno("cannot read '%s'", path);
	while ((got = fread(buf_room(text, AT_ONCE), 1, AT_ONCE, f)) > 0)
		if ((text->n += got) > MOST)
			die_request("%s: is longer than %d bytes", path, MOST);
	if (ferror(f))
		die_errno("cannot read '%s'", path);
	fclose(f);
}

/* An .include of what cannot be read is no error to OpenSSL: only its queue tells. */
static CONF *
parse(const char *path, struct bytes text)
{
	CONF *conf = NCONF_new(NULL);
	BIO *in = BIO_new_mem_buf(text.n > 0 ? text.p : (const uint8_t *)"", (int)text.n);
	const char *why;
	long line = 0;

	if (conf == NULL || in == NULL)
		die_world("no memory");
	ERR_clear_error();
	if (NCONF_load_bio(conf, in, &line) != 1) {
		why = ERR_reason_error_string(ERR_peek_last_error());
		die_request("%s: line %ld: %s", path, line, why != NULL ? why : "malformed");
	}
	if (ERR_peek_error() != 0)
		die_world("%s: cannot read what it includes", path);
	BIO_free(in);
	return conf;
}

static void
add_section(struct conf *c, const CONF *conf, const char *name)
{
	STACK_OF(CONF_VALUE) *values = NCONF_get_section(conf, name);
	struct section s = { .name = name, .first = c->entries.n / sizeof(struct entry) };

	for (int i = 0; i < sk_CONF_VALUE_num(values); i++) {
		const CONF_VALUE *v = sk_CONF_VALUE_value(values, i);
		struct entry e = { .key = v->name, .value = v->value };

		buf_add(&c->entries, (struct bytes){ (const uint8_t *)&e, sizeof e });
		s.count++;
	}
	buf_add(&c->sections, (struct bytes){ (const uint8_t *)&s, sizeof s });
}

/* --- what stands twice: of that OpenSSL keeps the last, without a word -------- */

static struct section *
section_named(struct conf *c, struct text name)
{
	struct section *s = sections(c), *end = s + section_count(c);

	while (s < end && !text_is(name, s->name))
		s++;
	return s < end ? s : NULL;
}

static void
note_section(struct conf *c, struct section *s)
{
	if (s->noted)
		die_request("%s: [%s]: stands twice", c->path, s->name);
	s->noted = true;
}

static void
note_key(struct conf *c, const struct section *s, struct text key)
{
	for (struct entry *e = entries(c) + s->first, *end = e + s->count; e < end; e++)
		if (text_is(key, e->key)) {
			if (e->noted)
				conf_wrong(c, s->name, e->key, "stands twice");
			e->noted = true;
		}
}

/* Reads the lines once more, and notes each heading and key in what OpenSSL made of them. */
static void
refuse_twice(struct conf *c, struct text rest)
{
	struct section *here = section_named(c, text_of("default")), *s;
	struct conf_line line;

	while (conf_line_take(&rest, &line)) {
		s = line.section.p != NULL ? section_named(c, line.section) : here;
		if (line.key.p == NULL && (here = s) != NULL)
			note_section(c, s);
		else if (s != NULL)
			note_key(c, s, line.key);
	}
	for (s = sections(c); s < sections(c) + section_count(c); s++)
		for (size_t i = 0; i < s->count; i++)
			if (!entries(c)[s->first + i].noted)
				conf_wrong(c, s->name, entries(c)[s->first + i].key,
				    "is not in the file itself");
}

struct conf *
conf_load(const char *path)
{
	struct buf home = { 0 }, text = { 0 };
	struct conf *c = (struct conf *)(void *)buf_room(&home, sizeof *c);
	STACK_OF(OPENSSL_CSTRING) *names;
	CONF *conf;

	read_file(path, &text);
	conf = parse(path, buf_bytes(&text));
	names = NCONF_get_section_names(conf);
	*c = (struct conf){ .path = path };
	for (int i = 0; i < sk_OPENSSL_CSTRING_num(names); i++)
		add_section(c, conf, sk_OPENSSL_CSTRING_value(names, i));
	sk_OPENSSL_CSTRING_free(names);
	refuse_twice(c, (struct text){ text.p, text.n });
	buf_free(&text);
	return c;
}

/* --- asking ---------------------------------------------------------------- */

static struct section *
find_section(struct conf *c, const char *name)
{
	struct section *s = section_named(c, text_of(name));

	if (s != NULL)
		s->known = true;
	return s;
}

const char *
conf_text(struct conf *c, const char *section, const char *key)
{
	const struct section *s = find_section(c, section);

	for (size_t i = 0; s != NULL && i < s->count; i++) {
		struct entry *e = entries(c) + s->first + i;

		if (strcmp(e->key, key) == 0) {
			e->read = true;
			return e->value;
		}
	}
	return NULL;
}

const char *
conf_require(struct conf *c, const char *section, const char *key)
{
	const char *value = conf_text(c, section, key);

	if (value == NULL)
		conf_wrong(c, section, key, "required");
	return value;
}

uint64_t
conf_number(struct conf *c, const char *section, const char *key, uint64_t min, uint64_t max,
    uint64_t fallback)
{
	char label[LABEL];

	snprintf(label, sizeof label, "%s: [%s] %s", c->path, section, key);
	return cli_number(label, conf_text(c, section, key), min, max, fallback);
}

/* The value is not said: it may be a key. */
bool
conf_hex(struct conf *c, const char *section, const char *key, uint8_t *out, size_t n)
{
	struct text digits = text_of(conf_text(c, section, key));
	struct buf bytes = { 0 };

	if (digits.p == NULL)
		return false;
	if (!hex_read(&bytes, digits) || bytes.n != n)
		conf_wrong(c, section, key, "needs %zu hex digits", 2 * n);
	memcpy(out, bytes.p, n);
	buf_free(&bytes);
	return true;
}

bool
conf_each(struct conf *c, const char *section, size_t i, const char **key, const char **value)
{
	const struct section *s = find_section(c, section);
	struct entry *e;

	if (s == NULL || i >= s->count)
		return false;
	e = entries(c) + s->first + i;
	e->read = true;
	*key = e->key;
	*value = e->value;
	return true;
}

bool
conf_word(const char **rest, struct text *word)
{
	static const char blanks[] = " \t";
	const char *p = *rest + strspn(*rest, blanks);
	size_t n = strcspn(p, ",");

	if (*p == '\0')
		return false;
	*rest = p[n] == ',' ? p + n + 1 : p + n;
	while (n > 0 && strchr(blanks, p[n - 1]) != NULL)
		n--;
	*word = (struct text){ (const uint8_t *)p, n };
	return true;
}

/* Keys before the first section are in [default], which is always there. */
void
conf_finish(struct conf *c)
{
	for (const struct section *s = sections(c), *end = s + section_count(c); s < end; s++) {
		if (!s->known && strcmp(s->name, "default") != 0)
			die_request("%s: [%s]: unknown section", c->path, s->name);
		for (size_t i = 0; i < s->count; i++)
			if (!entries(c)[s->first + i].read)
				conf_wrong(c, s->name, entries(c)[s->first + i].key, "unknown key");
	}
}
