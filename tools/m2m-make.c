/* SPDX-License-Identifier: Apache-2.0 */
/* m2m-make - make objects of one type from JSON */
#include "base/cli.h"
#include "base/die.h"
#include "msg/schemas.h"
#include "wire/json.h"
#include "wire/stream.h"

static const struct poptOption options[] = {
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_PROGRESS,
	CLI_END
};

struct making {
	struct json_reader *in;
	const struct record *record;
	struct buf encoded;
};

static bool
make(const struct item *none, void *context, struct fault *f)
{
	struct making *m = context;
	int got;

	(void)none;
	buf_wipe(&m->encoded);
	die_item++;
	if ((got = json_read(m->in, m->record, &m->encoded, f)) == 1)
		stream_put_encoded(buf_bytes(&m->encoded));
	if (got == 0)
		die_item--;
	return got == 1;
}

int
main(int argc, char *argv[])
{
	const char *const *type = cli_start(argc, argv, options, "[OPTION...] TYPE", 1);
	struct making m = { 0 };
	int status;

	cli_require(*type, "TYPE");
	if ((m.record = schema_find(text_of(*type))) == NULL)
		die_request("there is no object '%s'", *type);
	stream_read_input();
	m.in = json_open();
	status = stream_make(make, &m, NULL);
	if (die_item == 0)
		die_request("needs an object, has empty input");
	return status;
}
