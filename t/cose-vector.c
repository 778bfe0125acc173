/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cose-vector - the cases of t/vectors/cose on standard input, each with what came of it
 *	key NAME HEX				PKCS#8, or the bytes of a symmetric key
 *	NAME KIND KEY EXTERNAL OBJECT ...	the line again as far as OBJECT, "=", and the
 *						content, or the fault
 */
#include "lines.h"
#include "msg/cose.h"
#include "wire/item.h"

enum { KEYS = 16, ALG = 1 };

static struct {
	char name[32];
	struct bytes bytes;
} keys[KEYS];

static struct bytes
key_named(const char *name)
{
	for (size_t i = 0; i < KEYS; i++)
		if (strcmp(keys[i].name, name) == 0)
			return keys[i].bytes;
	die_request("there is no key '%s'", name);
}

static EVP_PKEY *
private_key(const char *name)
{
	EVP_PKEY *key = key_from_der(key_named(name));

	if (key == NULL)
		die_request("key '%s' is none", name);
	return key;
}

/* --- COSE_Sign1 with any header: the objects' own tables ask for more ---------- */

struct sign1 {
	struct bytes protected;
	struct cose_header unprotected;
	struct bytes payload, signature;
};
static const struct field sign1_fields[] = {
	FIELD(sign1, 0, protected, REQUIRED, 0, 1024),
	FIELD_RECORD(sign1, 1, unprotected, REQUIRED, &cose_header_record),
	FIELD(sign1, 2, payload, REQUIRED, 0, 1024),
	FIELD(sign1, 3, signature, REQUIRED, 64, 64),
};
static const struct record tagged = RECORD(sign1, "sign1", sign1_fields, .tag = TAG_SIGN1, .array = true);
static const struct record untagged = RECORD(sign1, "sign1", sign1_fields, .array = true);

/* The choice at key 1, wherever it is known; the other members are signed, whatever they are. */
static bool
read_alg(const struct sign1 *s, uint64_t *alg, struct fault *f)
{
	struct wire w = { s->protected, 0 };
	struct wire_item map, key, value;

	*alg = s->unprotected.alg;
	if (s->protected.n == 0 || wire_next(&w, &map) != NULL || map.type != WIRE_MAP || map.n == 0)
		return true;
	if (wire_next(&w, &key) != NULL || key.type != WIRE_UINT || key.n != ALG ||
	    wire_next(&w, &value) != NULL)
		return fault_request(f, "sign1.protected", "alg is missing");
	for (*alg = 1; *alg <= cose_algorithms.n; ++*alg)
		if (value.type == WIRE_NEGINT && cose_algorithms.codes[*alg - 1] == -1 - (int64_t)value.n)
			return true;
	return fault_request(f, "sign1.protected.alg", "is none of its choices");
}

static bool
open_sign1(const struct record *r, EVP_PKEY *key, struct bytes external, struct bytes object,
    struct buf *out, struct fault *f)
{
	struct sign1 s;
	uint64_t alg;

	if (!record_decode(r, &s, object, f) || !read_alg(&s, &alg, f))
		return false;
	if (!cose_verify(key, alg, s.protected, external, s.payload, s.signature))
		return fault_refuse(f, "bad-signature", "sign1.signature", "does not verify");
	buf_add(out, s.payload);
	return true;
}

/* --- a case -------------------------------------------------------------------- */

static bool
open_object(const char *kind, const char *key, struct bytes external, struct bytes object,
    struct buf *out, struct fault *f)
{
	if (strcmp(kind, "encrypt0") == 0)
		return cose_decrypt0(key_named(key), object, external, out, f);
	if (strcmp(kind, "encrypt") == 0)
		return cose_decrypt(private_key(key), object, external, out, f);
	if (strcmp(kind, "sign1") == 0)
		return open_sign1(&tagged, private_key(key), external, object, out, f);
	if (strcmp(kind, "untagged") == 0)
		return open_sign1(&untagged, private_key(key), external, object, out, f);
	die_request("there is no kind '%s'", kind);
}

static void
run(char *field[])
{
	struct buf out = { 0 };
	struct fault f = { 0 };

	printf("%s %s %s %s %s = ", field[0], field[1], field[2], field[3], field[4]);
	if (open_object(field[1], field[2], unhex(field[3]), unhex(field[4]), &out, &f))
		put_hex(buf_bytes(&out));
	else
		printf("%s%s%s%s%s%s", f.where, *f.where ? ": " : "", f.fact, f.reason ? " [" : "",
		    f.reason ? f.reason : "", f.reason ? "]" : "");
	printf("\n");
}

static void
keep_key(const char *name, const char *digits)
{
	static size_t n;

	if (n == KEYS || strlen(name) >= sizeof keys[0].name)
		die_request("no room for key '%s'", name);
	strcpy(keys[n].name, name);
	keys[n++].bytes = unhex(digits);
}

int
main(void)
{
	char *field[FIELDS];
	size_t n;

	while ((n = next_case(field)) > 0) {
		if (n == 3 && strcmp(field[0], "key") == 0)
			keep_key(field[1], field[2]);
		else if (n >= 5)
			run(field);
		else
			die_request("a line of %zu fields is no case", n);
	}
	return fflush(stdout) == 0 ? 0 : 3;
}
