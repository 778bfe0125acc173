/* SPDX-License-Identifier: Apache-2.0 */
/* JSON to objects: json_open(), json_read(). */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "wire/input.h"
#include "wire/json.h"

struct reader {
	struct buf *out;
	struct fault *fault;
};

static bool from_json(const struct reader *r, const struct record *rec, const json_t *j);

static const char *
type_name(const json_t *j)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array", [JSON_STRING] = "a string",
		[JSON_INTEGER] = "a number", [JSON_REAL] = "a fraction", [JSON_TRUE] = "true",
		[JSON_FALSE] = "false", [JSON_NULL] = "null"
	};
	return names[json_typeof(j)];
}

static bool
needs(const struct reader *r, const char *what, const json_t *j)
{
	return fault_request(r->fault, NULL, "needs %s, has %s", what, type_name(j));
}

static struct text
text_from(const json_t *j)
{
	return (struct text){ (const uint8_t *)json_string_value(j), json_string_length(j) };
}

static bool
choice_from_json(const struct reader *r, const struct field *f, const json_t *j)
{
	uint64_t choice;

	if (!json_is_string(j))
		return needs(r, "a string", j);
	if ((choice = choice_of(f->choices, text_from(j))) == 0)
		return fault_request(r->fault, NULL, "'%.32s' is none of its choices",
		    json_string_value(j));
	if (f->kind == KIND_CODE)
		wire_put_int(r->out, f->choices->codes[choice - 1]);
	else
		wire_put_text(r->out, text_from(j));
	return true;
}

static bool
bytes_from_json(const struct reader *r, const json_t *j)
{
	struct buf b = { 0 };
	bool ok;

	if (!json_is_string(j))
		return needs(r, "a string of hex digits", j);
	if ((ok = hex_read(&b, text_from(j))))
		wire_put_bytes(r->out, buf_bytes(&b));
	buf_free(&b);
	return ok || fault_request(r->fault, NULL, "needs hex digits, two to a byte");
}

static bool
embedded_from_json(const struct reader *r, const struct record *sub, const json_t *j)
{
	struct buf b = { 0 };
	struct reader inside = { &b, r->fault };
	bool ok = from_json(&inside, sub, j);

	if (ok)
		wire_put_bytes(r->out, buf_bytes(&b));
	buf_free(&b);
	return ok;
}

static bool value_from_json(const struct reader *r, const struct field *f, const json_t *j);

static bool
list_from_json(const struct reader *r, const struct field *f, const json_t *j)
{
	size_t n = json_array_size(j);

	if (!json_is_array(j))
		return needs(r, "an array", j);
	if (n != 1 || !(f->flags & BARE_ONE))
		wire_put_array(r->out, n);
	for (size_t i = 0; i < n; i++)
		if (!value_from_json(r, f->element, json_array_get(j, i))) {
			fault_inside(r->fault, f->element->name);
			return false;
		}
	return true;
}

static bool
value_from_json(const struct reader *r, const struct field *f, const json_t *j)
{
	switch (f->kind) {
	case KIND_UINT:
	case KIND_TIME:
	case KIND_INT:
		if (!json_is_integer(j))
			return needs(r, "a number", j);
		wire_put_int(r->out, json_integer_value(j));
		return true;
	case KIND_BOOL:
		if (!json_is_boolean(j))
			return needs(r, "true or false", j);
		wire_put_bool(r->out, json_is_true(j));
		return true;
	case KIND_WORD:
	case KIND_CODE: return choice_from_json(r, f, j);
	case KIND_BYTES: return bytes_from_json(r, j);
	case KIND_TEXT:
		if (!json_is_string(j))
			return needs(r, "a string", j);
		wire_put_text(r->out, text_from(j));
		return true;
	case KIND_RECORD: return from_json(r, f->sub, j);
	case KIND_EMBEDDED: return embedded_from_json(r, f->sub, j);
	case KIND_LIST: return list_from_json(r, f, j);
	}
	return false;
}

static bool
known(const struct record *rec, const char *name)
{
	if (rec->type != NULL && strcmp(name, "type") == 0)
		return true;
	for (size_t i = 0; i < rec->nfields; i++)
		if (strcmp(rec->fields[i].name, name) == 0)
			return true;
	return false;
}

static bool
members_fit(const struct reader *r, const struct record *rec, const json_t *j)
{
	const json_t *type = json_object_get(j, "type");
	const char *name;
	json_t *member;

	if (!json_is_object(j))
		return needs(r, "an object", j);
	json_object_foreach((json_t *)j, name, member)
		if (!known(rec, name))
			return fault_request(r->fault, name, "is unknown");
	if (rec->type != NULL && type != NULL &&
	    (!json_is_string(type) || !text_is(text_from(type), rec->type)))
		return fault_request(r->fault, "type", "needs %s", rec->type);
	return true;
}

/* As record_encode(); what is missing or out of range, record_decode() will say. */
static bool
from_json(const struct reader *r, const struct record *rec, const json_t *j)
{
	bool typed = rec->type != NULL && !rec->array;
	size_t n = typed;

	if (!members_fit(r, rec, j))
		return false;
	for (size_t i = 0; i < rec->nfields; i++)
		n += json_object_get(j, rec->fields[i].name) != NULL;
	if (rec->tag != 0)
		wire_put_tag(r->out, rec->tag);
	if (rec->array)
		wire_put_array(r->out, n);
	else
		wire_put_map(r->out, n);
	if (typed) {
		wire_put_uint(r->out, 0);
		wire_put_text(r->out, text_of(rec->type));
	}
	for (const struct field *f = rec->fields; f < rec->fields + rec->nfields; f++) {
		const json_t *member = json_object_get(j, f->name);

		if (member == NULL)
			continue;
		if (f->flags & TEXT_KEY)
			wire_put_text(r->out, text_of(f->name));
		else if (!rec->array)
			wire_put_int(r->out, f->key);
		if (!value_from_json(r, f, member)) {
			fault_inside(r->fault, f->name);
			return false;
		}
	}
	return true;
}

enum { JSON_MAX = 2 * ITEM_MAX };	/* bytes of one value: hex has two for each of the object */

struct json_reader {
	bool broken;
	size_t taken;		/* bytes of the value at hand */
};

/* jansson keeps K in its strings: what it frees is wiped. */
enum { SIZE_ROOM = 16 };

static void *
sized_malloc(size_t n)
{
	uint8_t *p = malloc(n + SIZE_ROOM);

	if (p == NULL)
		return NULL;
	memcpy(p, &n, sizeof n);
	return p + SIZE_ROOM;
}

static void
wiping_free(void *p)
{
	uint8_t *start = (uint8_t *)p - SIZE_ROOM;
	size_t n;

	if (p == NULL)
		return;
	memcpy(&n, start, sizeof n);
	explicit_bzero(start, n + SIZE_ROOM);
	free(start);
}

struct json_reader *
json_open(void)
{
	static struct json_reader only;

	json_set_alloc_funcs(sized_malloc, wiping_free);
	return &only;
}

static bool
at_end(void)
{
	int c;

	do
		c = input_byte();
	while (c == ' ' || c == '\n' || c == '\t' || c == '\r');
	if (c != -1)
		input_back();
	return c == -1;
}

/*
 * One byte at a time, and none past the value; one
 * too many bytes end it as the input's end does.
 */
static size_t
feed(void *to, size_t n, void *context)
{
	struct json_reader *j = context;
	int c = ++j->taken > JSON_MAX ? -1 : input_byte();

	(void)n;
	if (c == -1)
		return 0;
	*(uint8_t *)to = (uint8_t)c;
	return 1;
}

/* jansson's words without the text it stood at, which may be a secret. */
static int
not_json(struct json_reader *j, const json_error_t *e, struct fault *f)
{
	const char *near = strstr(e->text, " near '");

	j->broken = true;
	if (j->taken > JSON_MAX)
		fault_request(f, NULL, "longer than %d bytes", JSON_MAX);
	else if (json_error_code(e) == json_error_stack_overflow)
		fault_request(f, NULL, "nested too deep (byte %d)", e->position);
	else
		fault_request(f, NULL, "not JSON: %.*s (byte %d)",
		    near != NULL ? (int)(near - e->text) : 120, e->text, e->position);
	return -1;
}

int
json_read(struct json_reader *j, const struct record *rec, struct buf *out, struct fault *f)
{
	_Alignas(16) uint8_t scratch[RECORD_SIZE_MAX];
	struct reader r = { out, f };
	json_error_t e;
	json_t *value;
	bool ok;

	if (j->broken || at_end())
		return 0;
	j->taken = 0;
	value = json_load_callback(feed, j,
	    JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &e);
	if (value == NULL)
		return not_json(j, &e, f);
	ok = from_json(&r, rec, value);
	json_decref(value);
	if (!ok) {
		fault_inside(f, rec->name);
		return -1;
	}
	return record_decode(rec, scratch, buf_bytes(out), f) ? 1 : -1;
}
