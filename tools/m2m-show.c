/* SPDX-License-Identifier: Apache-2.0 */
/* m2m-show - show any object for people, or as JSON */
#include <stdlib.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/die.h"
#include "crypto/x509.h"
#include "msg/envelope.h"
#include "msg/schemas.h"
#include "wire/json.h"
#include "wire/output.h"
#include "wire/show.h"
#include "wire/stream.h"

static int json, brief, reveal;
static const char *schema;

static const struct poptOption options[] = {
	{ "json", 'j', POPT_ARG_NONE, &json, 0, "One line of JSON for each object", NULL },
	{ "short", 's', POPT_ARG_NONE, &brief, 0, "One line for each object", NULL },
	{ "reveal", 'r', POPT_ARG_NONE, &reveal, 0, "Show secrets too", NULL },
	{ "schema", 0, POPT_ARG_STRING, &schema, 0,
	  "Print the CDDL of TYPE and exit (list: all types)",
	  "TYPE" },
	CLI_KEEP_GOING,
	CLI_PROGRESS,
	CLI_END
};

static struct show style = { .certificate = cert_describe };

static void
put_line(struct text t)
{
	stream_put_text(t);
	stream_put_text(text_of("\n"));
}

/* A package in the alternative envelope; nothing in it was checked. */
static void
describe_cms(struct bytes der, struct buf *line)
{
	struct mid_package p;
	struct fault f;

	buf_add(line, text_bytes(text_of("CMS")));
	if (!envelope_claims(der, &p, &f))
		return;
	buf_add(line, text_bytes(text_of(" of ")));
	show_text(line, p.sho);
	buf_add(line, text_bytes(text_of(" for ")));
	show_text(line, p.pcid);
	buf_add(line, text_bytes(text_of(", MID ")));
	show_text(line, p.mid);
}

/* A PEM block that is none of our objects: a PlC, a role's certificate, a request. */
static void
show_block(const struct item *item)
{
	static struct buf line;

	line.n = 0;
	if (strcmp(item->label, "CERTIFICATE") == 0)
		cert_describe(item->bytes, &line);
	else if (strcmp(item->label, "CMS") == 0)
		describe_cms(item->bytes, &line);
	else if (json)
		buf_add(&line, text_bytes(text_of(item->label)));
	else
		show_text(&line, text_of(item->label));
	if (json)
		json_write_pem((struct text){ line.p, line.n }, output_item());
	else
		put_line((struct text){ line.p, line.n });
}

static bool
show(const struct item *item, void *context, struct fault *f)
{
	_Alignas(16) uint8_t obj[RECORD_SIZE_MAX];
	const struct record *r = schema_find(item->type);

	(void)context;
	if (item->label != NULL) {
		show_block(item);
		return true;
	}
	if (r == NULL || !item_is(item, r))
		return item_unwanted(item, "an object of a known type", f);
	if (!record_decode(r, obj, item->bytes, f))
		return false;
	style.out = output_item();
	if (json)
		json_write(r, obj, reveal, style.out);
	else
		show_record(&style, r, obj);
	return true;
}

/* The rule, then those it leads to, each once. */
static void
print_rules(const struct record *r)
{
	const struct record *seen[64] = { r };
	size_t n = 1;

	for (size_t i = 0; i < n; i++) {
		record_cddl(seen[i], output_item());
		for (size_t k = 0; k < seen[i]->nfields; k++) {
			const struct record *sub = field_record(&seen[i]->fields[k]);
			size_t m = 0;

			while (sub != NULL && m < n && seen[m] != sub)
				m++;
			if (sub != NULL && m == n && n < COUNT(seen))
				seen[n++] = sub;
		}
	}
}

static void
print_schema(void)
{
	const struct record *r = schema_find(text_of(schema));

	if (r != NULL)
		print_rules(r);
	else if (strcmp(schema, "list") != 0)
		die_request("--schema: there is no object '%s'", schema);
	else
		for (const struct record *const *each = schemas; *each != NULL; each++)
			put_line(text_of((*each)->name));
	output_keep();
	output_leave();
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);

	if (schema != NULL) {
		print_schema();
		return STATUS_DONE;
	}
	style.brief = brief;
	style.reveal = reveal;
	style.colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
	return stream_run(files, show, NULL, NULL);
}
