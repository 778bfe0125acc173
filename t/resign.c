/* SPDX-License-Identifier: Apache-2.0 */
/* resign KEY CERT - signs the payload of each signed object anew: an insider's forgery */
#include "base/cli.h"
#include "base/die.h"
#include "msg/schemas.h"
#include "msg/signed.h"
#include "wire/stream.h"

static const struct poptOption options[] = { CLI_END };

static bool
resign(const struct item *item, void *context, struct fault *f)
{
	static struct buf out;
	const struct record *object = schema_find(item->type);
	_Alignas(16) uint8_t claims[RECORD_SIZE_MAX];
	struct cose_sign1 o;

	if (object == NULL || !object->array)
		return item_unwanted(item, "a signed object", f);
	if (!record_decode(object, &o, item->bytes, f) ||
	    !record_decode(object->fields[2].sub, claims, o.payload, f))
		return false;
	out.n = 0;
	signed_encode(context, object, claims, &out);
	stream_put_encoded(buf_bytes(&out));
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *names = cli_start(argc, argv, options, "KEY CERT", 2);
	static struct signer s;
	static const char *const standard_input[] = { NULL };

	s.key = key_private("KEY", names[0]);
	chain_load("CERT", names[1], &s.chain);
	return stream_run(standard_input, resign, &s, NULL);
}
