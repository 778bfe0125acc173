/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/rules.h"

#include <inttypes.h>
#include <stdio.h>

#include "wire/item.h"

uint64_t
choice_of(const struct choices *c, struct text word)
{
	for (size_t i = 0; i < c->n; i++)
		if (text_is(word, c->words[i]))
			return i + 1;
	return 0;
}

const char *
rules_range(const struct field *f, uint64_t n, char out[static RANGE_LEN])
{
	const char *unit = f->kind == KIND_UINT || f->kind == KIND_TIME ? "" :
	    f->kind == KIND_LIST ? " elements" : f->flags & DIGITS ? " digits" : " bytes";

	if (f->kind == KIND_INT)
		snprintf(out, RANGE_LEN, "needs %" PRId64 " to %" PRId64 ", has %" PRId64,
		    (int64_t)f->min, (int64_t)f->max, (int64_t)n);
	else if (f->min == f->max)
		snprintf(out, RANGE_LEN, "needs %" PRIu64 "%s, has %" PRIu64, f->min, unit, n);
	else
		snprintf(out, RANGE_LEN, "needs %" PRIu64 " to %" PRIu64 "%s, has %" PRIu64,
		    f->min, f->max, unit, n);
	return out;
}

bool
rules_across(const struct record *r, const void *obj, struct fault *f)
{
	struct text claimed;

	if (r->array && r->type != NULL) {
		claimed =
		    item_content_type(*(const struct bytes *)((const char *)obj + r->fields[0].at));
		if (!text_is(claimed, r->type))
			return fault_request(f, "protected.content_type", "needs %s, has %.*s",
			    r->type, claimed.p == NULL || claimed.n > 32 ? 32 : (int)claimed.n,
			    claimed.p == NULL ? "none" : (const char *)claimed.p);
	}
	return r->check == NULL || r->check(obj, f);
}

/* --- writing: record_fits(), field_fits() ------------------------------------ */

static bool
in_range(const struct field *f, uint64_t n, struct fault *fault)
{
	char range[RANGE_LEN];

	if (f->kind == KIND_INT ? (int64_t)n >= (int64_t)f->min && (int64_t)n <= (int64_t)f->max :
	    n >= f->min && n <= f->max)
		return true;
	return fault_request(fault, NULL, "%s", rules_range(f, n, range));
}

static bool
text_fits(const struct field *f, struct bytes t, struct fault *fault)
{
	if (!in_range(f, t.n, fault))
		return false;
	if (f->flags & DIGITS && !text_is_digits((struct text){ t.p, t.n }))
		return fault_request(fault, NULL, "needs digits only");
	return wire_is_text(t.p, t.n) || fault_request(fault, NULL, "not UTF-8");
}

static bool fields_fit(const struct record *, const void *obj, struct fault *);

/* What is embedded, and the elements of a list, were written by the same rules before. */
static bool
value_fits(const struct field *f, const void *member, struct fault *fault)
{
	uint64_t choice;

	switch (f->kind) {
	case KIND_UINT:
	case KIND_TIME:
	case KIND_INT: return in_range(f, *(const uint64_t *)member, fault);
	case KIND_BOOL:
		return *(const bool *)member >= f->min ||
		    fault_request(fault, NULL, "needs true, has false");
	case KIND_WORD:
	case KIND_CODE:
		choice = *(const uint64_t *)member;
		return (choice >= 1 && choice <= f->choices->n) ||
		    fault_request(fault, NULL, "is none of its choices");
	case KIND_BYTES:
	case KIND_EMBEDDED: return in_range(f, ((const struct bytes *)member)->n, fault);
	case KIND_TEXT: return text_fits(f, *(const struct bytes *)member, fault);
	case KIND_RECORD: return fields_fit(f->sub, member, fault);
	case KIND_LIST: return in_range(f, ((const struct list *)member)->count, fault);
	}
	return false;
}

bool
field_fits(const struct field *f, const void *member, struct fault *fault)
{
	if (value_fits(f, member, fault))
		return true;
	fault_inside(fault, f->name);
	return false;
}

static bool
fields_fit(const struct record *r, const void *obj, struct fault *fault)
{
	for (const struct field *f = r->fields; f < r->fields + r->nfields; f++) {
		const void *member = (const char *)obj + f->at;

		if (!(f->flags & OPTIONAL && field_absent(f, member)) &&
		    !field_fits(f, member, fault))
			return false;
	}
	return rules_across(r, obj, fault);
}

bool
record_fits(const struct record *r, const void *obj, struct fault *fault)
{
	if (fields_fit(r, obj, fault))
		return true;
	fault_inside(fault, r->name);
	return false;
}
