/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mutate EVERY FILE - changes every byte of each object in FILE in many ways.  What
 * decodes must encode to the same bytes and bear being shown; what does not must
 * say where.  Every EVERYth mutant that decodes is written out; the count, with 0.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "crypto/x509.h"
#include "msg/schemas.h"
#include "wire/item.h"
#include "wire/json.h"
#include "wire/show.h"

enum {
	SHOWN = 128,	/* one mutant in so many is shown, which takes long */
	SMALL = 600	/* bytes of an object of which every value of every byte is tried */
};

static unsigned long every, tried, decoded;

static void
wrong(const char *what, struct bytes mutant)
{
	struct buf digits = { 0 };

	hex_add(&digits, mutant);
	printf("%s: %.*s\n", what, (int)digits.n, (const char *)digits.p);
	exit(1);
}

static void
check_fault(const struct record *r, struct bytes mutant, const struct fault *f)
{
	const char *byte = strrchr(f->fact, '(');
	unsigned long at;
	char end;

	if (f->status != STATUS_REQUEST || f->reason != NULL || f->answered)
		wrong("not a fault of the request", mutant);
	if (strncmp(f->where, r->name, strlen(r->name)) != 0)
		wrong("the fault does not start with the object", mutant);
	if (byte == NULL || sscanf(byte, "(byte %lu%c", &at, &end) != 2 || end != ')' || at > mutant.n)
		wrong("the fault does not name a byte of it", mutant);
}

static void
show_all(const struct record *r, const void *obj)
{
	static struct buf out;
	struct show style = { .out = &out, .reveal = true, .certificate = cert_describe };

	out.n = 0;
	show_record(&style, r, obj);
	style.brief = true;
	style.reveal = false;
	show_record(&style, r, obj);
	json_write(r, obj, true, &out);
	if (out.n == 0)
		exit(1);
}

static void
try(const struct record *r, struct bytes mutant)
{
	_Alignas(16) uint8_t obj[RECORD_SIZE_MAX];
	static struct buf again;
	struct wire_span span = { 0 };
	struct fault f = { 0 };

	tried++;
	(void)item_type(mutant);
	if (!record_decode(r, obj, mutant, &f)) {
		check_fault(r, mutant, &f);
		return;
	}
	decoded++;
	again.n = 0;
	record_encode(r, obj, &again);
	if (!bytes_equal(buf_bytes(&again), mutant))
		wrong("encodes to other bytes", mutant);
	if (wire_span(&span, mutant) != NULL || span.at != mutant.n)
		wrong("is no item", mutant);
	if (decoded % SHOWN == 0)
		show_all(r, obj);
	if (every > 0 && decoded % every == 0)
		fwrite(mutant.p, 1, mutant.n, stdout);
}

/* The byte at i: other values, each bit at least; the end there; left out; something put before it. */
static void
mutate_at(const struct record *r, struct bytes object, size_t i)
{
	static const uint8_t put[] = { 0x00, 0x20, 0x40, 0x60, 0x80, 0xa0, 0xc0, 0xf4, 0xf6, 0xff };
	uint8_t *m = malloc(object.n + 1);
	uint8_t b;

	if (m == NULL)
		die_errno("no memory");
	memcpy(m, object.p, object.n);
	b = m[i];
	for (unsigned k = 1; k <= UINT8_MAX; k++) {
		bool near = (k & (k - 1)) == 0 || (uint8_t)(b ^ k) == 0 || (uint8_t)(b ^ k) == 0xff;

		m[i] = (uint8_t)(b ^ k);
		if (near || object.n < SMALL)
			try(r, (struct bytes){ m, object.n });
	}
	try(r, (struct bytes){ m, i });
	memmove(m + i, object.p + i + 1, object.n - i - 1);
	try(r, (struct bytes){ m, object.n - 1 });
	memcpy(m + i + 1, object.p + i, object.n - i);
	for (size_t k = 0; k < sizeof put; k++) {
		m[i] = put[k];
		try(r, (struct bytes){ m, object.n + 1 });
	}
	m[i] = b;
	try(r, (struct bytes){ m, object.n + 1 });
	free(m);
}

static struct bytes
read_all(const char *path)
{
	static struct buf all;
	FILE *in = fopen(path, "rb");
	size_t got;

	if (in == NULL)
		die_errno("cannot open '%s'", path);
	while ((got = fread(buf_room(&all, 4096), 1, 4096, in)) > 0)
		all.n += got;
	fclose(in);
	return buf_bytes(&all);
}

int
main(int argc, char *argv[])
{
	struct bytes in;

	if (argc != 3)
		die_request("needs EVERY FILE");
	every = strtoul(argv[1], NULL, 10);
	in = read_all(argv[2]);
	while (in.n > 0) {
		struct wire_span span = { 0 };
		struct bytes object = { in.p, 0 };
		const struct record *r;

		if (wire_span(&span, in) != NULL)
			die_request("'%s' holds no sequence", argv[2]);
		object.n = span.at;
		if ((r = schema_find(item_type(object))) == NULL)
			die_request("'%s' holds an object of no known type", argv[2]);
		for (size_t i = 0; i < object.n; i++)
			mutate_at(r, object, i);
		in.p += span.at;
		in.n -= span.at;
	}
	if (every == 0)
		printf("%lu tried, %lu decode\n", tried, decoded);
	return fflush(stdout) == 0 ? 0 : 3;
}
