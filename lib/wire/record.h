/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.h - objects described once, as tables.
 *
 * A record is a CBOR map (or array) with known keys.  Its table, next to its
 * struct, is all that decoding, encoding, m2m-show, JSON and the CDDL know of it.
 *
 * Zero means absent: a number that may be left out has min >= 1; a choice is
 * stored as its place in the list, from 1.  Numbers stay below 2^63, so that
 * JSON can hold them.
 */
#ifndef RECORD_H
#define RECORD_H

#include "base/bytes.h"
#include "base/fault.h"
#include "base/when.h"
#include "wire/wire.h"

enum kind {
	KIND_UINT,	/* uint64_t */
	KIND_INT,	/* int64_t */
	KIND_BOOL,	/* bool */
	KIND_TIME,	/* uint64_t, seconds since 1970 */
	KIND_WORD,	/* uint64_t: a choice that is text on the wire */
	KIND_CODE,	/* uint64_t: a choice that is a number on the wire */
	KIND_BYTES,	/* struct bytes */
	KIND_TEXT,	/* struct text */
	KIND_RECORD,	/* a struct within the struct */
	KIND_EMBEDDED,	/* struct bytes: a record, encoded, checked, within a byte string */
	KIND_LIST	/* struct list */
};

enum {
	REQUIRED = 0,
	OPTIONAL = 1,
	SECRET = 2,		/* shown only when asked for */
	TEXT_KEY = 4,		/* the key on the wire is the field's name */
	DIGITS = 8,		/* text of decimal digits */
	BARE_ONE = 16,		/* a list of exactly one is written without the list (RFC 9360) */
	CERTIFICATE = 32,	/* bytes: DER, X.509 */
	ENVELOPE = 64		/* left out where an object is shown in short */
};

struct list {			/* of count elements, encoded side by side, checked */
	struct bytes raw;
	size_t count;
};

struct choices {
	const char *const *words;
	const int64_t *codes;	/* KIND_CODE: on the wire in place of the words */
	size_t n;
};

/* The choice of that word, from 1; 0: there is none. */
uint64_t choice_of(const struct choices *c, struct text word);

struct field {
	int64_t key;		/* ascending as encoded: 0, 1, ..., then -1, -2, ..., then text */
	const char *name;	/* in CDDL, JSON, error paths and listings */
	enum kind kind;
	unsigned flags;
	size_t at;		/* offset of the member */
	uint64_t min, max;	/* of a number, of a length, of a count; KIND_INT: as int64_t */
	const struct record *sub;
	const struct choices *choices;
	const struct field *element;	/* of KIND_LIST; at offset 0 */
};

struct record {
	const char *name;	/* in CDDL and error paths */
	size_t size, nfields;
	const struct field *fields;
	const char *type;	/* "pcid/1": key 0 of a self-describing map, the content type of a
				 * COSE array; NULL: known by where it stands */
	uint64_t tag;		/* 0: none */
	bool array;		/* fields in order, without keys */
	unsigned signer;	/* the role of who signs it (crypto/x509.h); 0: nobody does */
	/* Across fields; where: a field. May be NULL. */
	bool (*check)(const void *obj, struct fault *f);
};

enum {
	RECORD_SIZE_MAX = 1024,		/* of any struct: room for one on the stack */
	FIELDS_MAX = WIRE_SMALL - 2	/* and its type: the head of a map is one byte */
};

/* The member's C type says what is on the wire; nothing is stated twice. */
#define KIND_OF(member) _Generic((member), uint64_t: KIND_UINT, int64_t: KIND_INT, \
	bool: KIND_BOOL, struct bytes: KIND_BYTES, struct text: KIND_TEXT)
#define MEMBER(type, member) (((struct type *)0)->member)

#define FIELD(type, key, member, flags, min, max) \
	{ key, #member, KIND_OF(MEMBER(type, member)), flags, offsetof(struct type, member), \
	  min, max, NULL, NULL, NULL }
#define FIELD_TIME(type, key, member, flags) \
	{ key, #member, KIND_TIME, flags, offsetof(struct type, member), 1, WHEN_MAX, \
	  NULL, NULL, NULL }
#define FIELD_WORD(type, key, member, flags, choices) \
	{ key, #member, KIND_WORD, flags, offsetof(struct type, member), 0, 0, NULL, choices, NULL }
#define FIELD_CODE(type, key, member, flags, choices) \
	{ key, #member, KIND_CODE, flags, offsetof(struct type, member), 0, 0, NULL, choices, NULL }
#define FIELD_RECORD(type, key, member, flags, sub) \
	{ key, #member, KIND_RECORD, flags, offsetof(struct type, member), 0, 0, sub, NULL, NULL }
#define FIELD_EMBEDDED(type, key, member, flags, max, sub) \
	{ key, #member, KIND_EMBEDDED, flags, offsetof(struct type, member), 1, max, \
	  sub, NULL, NULL }
#define FIELD_LIST(type, key, member, flags, min, max, element) \
	{ key, #member, KIND_LIST, flags, offsetof(struct type, member), min, max, \
	  NULL, NULL, element }
/* What a list is made of; name is what error paths call one of them. */
#define ELEMENT(kind, name, flags, min, max, sub) \
	{ 0, name, kind, flags, 0, min, max, sub, NULL, NULL }

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define AT_MOST(limit, n) ((n) + 0 * sizeof(char[(n) <= (limit) ? 1 : -1]))
#define RECORD(type, name, table, ...) \
	{ name, AT_MOST(RECORD_SIZE_MAX, sizeof(struct type)), AT_MOST(FIELDS_MAX, COUNT(table)), \
	  table, __VA_ARGS__ }
#define CHOICES(words) { words, NULL, COUNT(words) }
#define CODES(words, codes) { words, codes, COUNT(words) }

/*
 * Decodes all of in, strings as views of it.  False: *f says where and why,
 * always STATUS_REQUEST with the byte.
 */
bool record_decode(const struct record *r, void *obj, struct bytes in, struct fault *f);

/* Would record_decode() take what is written of obj? False: *f says why not, without a byte. */
bool record_fits(const struct record *r, const void *obj, struct fault *f);
bool field_fits(const struct field *f, const void *member, struct fault *fault);

/* Appends. Dies (2) of what does not fit: nobody could read it. */
void record_encode(const struct record *r, const void *obj, struct buf *out);

/* Takes the element at *at of a checked list into *element; false at the end. */
bool list_next(const struct field *element, struct list l, size_t *at, void *to);
/* Appends an element; dies (2) when it does not fit. */
void list_add(const struct field *element, struct list *l, struct buf *raw, const void *one);

bool field_absent(const struct field *f, const void *member);
const struct record *field_record(const struct field *f);	/* it leads to, or NULL */

void record_cddl(const struct record *r, struct buf *out);	/* the one rule */

#endif
