/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/item.h"

#include <ctype.h>
#include <stdio.h>

enum { COSE_SIGN1_TAG = 18, CONTENT_TYPE = 3 };

static bool
take(struct wire *w, enum wire_type type, struct wire_item *i)
{
	return wire_next(w, i) == NULL && i->type == type;
}

/* The content type in a COSE protected header; its keys ascend: 1 alg, 2 crit, 3. */
struct text
item_content_type(struct bytes header)
{
	struct wire w = { header, 0 };
	struct wire_item map, key, value;

	if (!take(&w, WIRE_MAP, &map))
		return (struct text){ 0 };
	while (map.n-- > 0 && take(&w, WIRE_UINT, &key) && key.n <= CONTENT_TYPE &&
	    wire_next(&w, &value) == NULL)
		if (key.n == CONTENT_TYPE && value.type == WIRE_TEXT)
			return (struct text){ value.p, value.n };
	return (struct text){ 0 };
}

struct text
item_type(struct bytes item)
{
	struct wire w = { item, 0 };
	struct wire_item i;

	if (wire_next(&w, &i) != NULL)
		return (struct text){ 0 };
	if (i.type == WIRE_MAP && take(&w, WIRE_UINT, &i) && i.n == 0 && take(&w, WIRE_TEXT, &i))
		return (struct text){ i.p, i.n };
	if (i.type == WIRE_TAG && i.n == COSE_SIGN1_TAG && take(&w, WIRE_ARRAY, &i) &&
	    take(&w, WIRE_BYTES, &i))
		return item_content_type((struct bytes){ i.p, i.n });
	return (struct text){ 0 };
}

/* "pcid/1" is labelled "M2M PCID". */
void
item_label(struct text type, char label[static LABEL_MAX])
{
	size_t n = (size_t)snprintf(label, LABEL_MAX, "M2M ");

	for (size_t i = 0; i < type.n && type.p[i] != '/' && n < LABEL_MAX - 1; i++)
		label[n++] = type.p[i] == '-' ? ' ' : (char)toupper(type.p[i]);
	label[n] = '\0';
}

static void
name_item(const struct item *item, char *out, size_t size)
{
	if (item->label != NULL)
		snprintf(out, size, "a %s block", item->label);
	else if (item->type.p != NULL)
		snprintf(out, size, "%.*s", (int)(item->type.n < 40 ? item->type.n : 40),
		    item->type.p);
	else
		snprintf(out, size, "an item of no known type");
}

bool
item_unwanted(const struct item *item, const char *wanted, struct fault *f)
{
	char has[80];

	name_item(item, has, sizeof has);
	return fault_request(f, NULL, "needs %s, has %s", wanted, has);
}

bool
item_is(const struct item *item, const struct record *r)
{
	return item->label == NULL && item->type.p != NULL && text_is(item->type, r->type);
}

bool
item_decode(const struct item *item, const struct record *r, void *obj, struct fault *f)
{
	if (!item_is(item, r))
		return item_unwanted(item, r->type, f);
	return record_decode(r, obj, item->bytes, f);
}

bool
item_keep(const struct item *item, const struct record *r, void *obj, struct buf *keep,
    struct fault *f)
{
	buf_wipe(keep);
	buf_add(keep, item->bytes);
	if (item_is(item, r) ? record_decode(r, obj, buf_bytes(keep), f) :
	    item_unwanted(item, r->type, f))
		return true;
	memset(obj, 0, r->size);
	return false;
}
