/* SPDX-License-Identifier: Apache-2.0 */
/* recms KEY CERT PACKAGE CMS - what is signed in the CMS, or else itself, signed anew under the claims of the package */
#include "base/cli.h"
#include "crypto/cms.h"
#include "msg/envelope.h"
#include "wire/stream.h"

static const struct poptOption options[] = { CLI_END };

static struct signer us;
static struct mid_package claims;

static bool
take(const struct item *item, void *context, struct fault *f)
{
	static struct buf keep, header, out;
	struct cms c = { 0 };
	bool ok;

	(void)context;
	if (item->label == NULL) {
		buf_add(&keep, item->bytes);
		return envelope_claims(buf_bytes(&keep), &claims, f);
	}
	mid_package_header(&claims, &header);
	ok = cms_sign(us.key, &us.chain, claims.iat, buf_bytes(&header),
	    cms_read(item->bytes, &c, f) ? c.content : item->bytes, &out, f);
	cms_free(&c);
	if (ok)
		stream_put_pem("CMS", buf_bytes(&out));
	return ok;
}

int
main(int argc, char *argv[])
{
	const char *const *names = cli_start(argc, argv, options, "KEY CERT PACKAGE CMS", 4);

	us.key = key_private("KEY", names[0]);
	chain_load("CERT", names[1], &us.chain);
	return stream_run(names + 2, take, NULL, NULL);
}
