/* SPDX-License-Identifier: Apache-2.0 */
/* opc-derive - give credentials the OPc or TOPc that follows from the operator's OP or TOP */
#include <stdio.h>

#include "base/cli.h"
#include "base/die.h"
#include "crypto/secret.h"
#include "crypto/tuak.h"
#include "msg/pcid.h"
#include "wire/stream.h"

static const char *op_path, *top_path;

static const struct poptOption options[] = {
	{ "op", 0, POPT_ARG_STRING, &op_path, 0, "File with OP, 32 hex digits, for MILENAGE",
	  "FILE" },
	{ "top", 0, POPT_ARG_STRING, &top_path, 0, "File with TOP, 64 hex digits, for TUAK",
	  "FILE" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_PROGRESS,
	CLI_END
};

enum { OP = MILENAGE_BLOCK, DIGITS_MAX = 2 * TUAK_TOPC };

struct deriving {
	const uint8_t *op, *top;	/* NULL: not given */
	uint8_t *derived;
};

/* n bytes as hex digits and at most a line's end. */
static const uint8_t *
read_operator_secret(const char *option, const char *path, size_t n)
{
	char *digits = (char *)secret_new(DIGITS_MAX + 4);
	uint8_t *value = secret_new(n);
	struct buf b = { 0 };
	size_t got;
	FILE *f;

	if ((f = fopen(path, "re")) == NULL)
		die_errno("%s: cannot open '%s'", option, path);
	setvbuf(f, NULL, _IONBF, 0);
	got = fread(digits, 1, DIGITS_MAX + 3, f);
	if (ferror(f))
		die_errno("%s: cannot read '%s'", option, path);
	fclose(f);
	while (got > 0 && (digits[got - 1] == '\n' || digits[got - 1] == '\r'))
		got--;
	if (got != 2 * n || !hex_read(&b, (struct text){ (const uint8_t *)digits, got }))
		die_request("%s: '%s' needs %zu hex digits and nothing else", option, path, 2 * n);
	memcpy(value, b.p, n);
	buf_free(&b);
	return value;
}

static bool
derive(const struct deriving *d, struct credential *c, struct fault *f)
{
	if (c->algorithm == AKA_MILENAGE) {
		if (d->op == NULL)
			return fault_request(f, "algorithm", "is MILENAGE: needs --op");
		milenage_opc(c->k.p, d->op, d->derived);
		c->opc = (struct bytes){ d->derived, OP };
		return true;
	}
	if (c->algorithm != AKA_TUAK)
		return fault_request(f, "algorithm", "has neither OPc nor TOPc");
	if (d->top == NULL)
		return fault_request(f, "algorithm", "is TUAK: needs --top");
	tuak_topc(c->k.p, c->k.n, credential_keys(c).iterations, d->top, d->derived);
	c->topc = (struct bytes){ d->derived, TUAK_TOPC };
	return true;
}

static bool
derive_one(const struct item *item, void *context, struct fault *f)
{
	struct pcid p;

	if (!item_decode(item, &pcid_record, &p, f))
		return false;
	if (!derive(context, &p.credential, f)) {
		fault_inside(f, "pcid");
		return false;
	}
	stream_put(&pcid_record, &p);
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	struct deriving d = { .derived = secret_new(TUAK_TOPC) };

	if (op_path == NULL && top_path == NULL)
		die_request("needs --op or --top; see %s --help", progname);
	if (op_path != NULL)
		d.op = read_operator_secret("--op", op_path, OP);
	if (top_path != NULL)
		d.top = read_operator_secret("--top", top_path, TUAK_TOPC);
	return stream_run(files, derive_one, &d, NULL);
}
