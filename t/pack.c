/* SPDX-License-Identifier: Apache-2.0 */
/* pack [--cms] KEY CERT VERDICT PACKAGE CONTENT - seals it for the verdict's device under the package's claims */
#include "base/cli.h"
#include "base/die.h"
#include "msg/envelope.h"
#include "msg/pcid_package.h"
#include "msg/signed.h"
#include "msg/verdict.h"
#include "wire/stream.h"

static int cms;

static const struct poptOption options[] = {
	{ "cms", 0, POPT_ARG_NONE, &cms, 0, "In the other envelope", NULL },
	CLI_END
};

static struct signer us;
static struct verdict verdict;
static struct mid_package claims;
static struct pcid_package pcid_claims;

static bool
seal_pcid(EVP_PKEY *key, struct bytes content, struct buf *out)
{
	static struct buf header, sealed;

	pcid_package_header(&pcid_claims, &header);
	cose_encrypt(key, buf_bytes(&header), content, &sealed);
	pcid_claims.sealed = buf_bytes(&sealed);
	signed_encode(&us, &pcid_package_record, &pcid_claims, out);
	return true;
}

static bool
seal(struct bytes content, struct fault *f)
{
	static struct buf out;
	static uint8_t thumbprint[DIGEST_LEN];
	EVP_PKEY *key = key_from_point(verdict.cnf.key.x, verdict.cnf.key.y);
	bool ok;

	cose_thumbprint(&verdict.cnf.key, thumbprint);
	if (claims.key.p != NULL)
		claims.key = BYTES(thumbprint);
	ok = pcid_claims.ro.p != NULL ? seal_pcid(key, content, &out) :
	    envelope_make(&us, key, &claims, content, cms, &out, f);
	key_free(key);
	if (ok && cms)
		stream_put_pem("CMS", buf_bytes(&out));
	else if (ok)
		stream_put_encoded(buf_bytes(&out));
	return ok;
}

static bool
take(const struct item *item, void *context, struct fault *f)
{
	static struct buf keep[2];
	struct buf *to = &keep[item_is(item, &verdict_record)];
	struct cose_sign1 o;

	(void)context;
	if (!item_is(item, &verdict_record) && !item_is(item, &mid_package_record) &&
	    !item_is(item, &pcid_package_record))
		return seal(item->bytes, f);
	buf_add(to, item->bytes);
	if (item_is(item, &verdict_record))
		return record_decode(&verdict_record, &o, buf_bytes(to), f) &&
		    record_decode(&verdict_claims_record, &verdict, o.payload, f);
	if (item_is(item, &pcid_package_record))
		return record_decode(&pcid_package_record, &o, buf_bytes(to), f) &&
		    record_decode(&pcid_package_claims_record, &pcid_claims, o.payload, f);
	return record_decode(&mid_package_record, &o, buf_bytes(to), f) &&
	    record_decode(&mid_package_claims_record, &claims, o.payload, f);
}

int
main(int argc, char *argv[])
{
	const char *const *names = cli_start(argc, argv, options, "KEY CERT VERDICT PACKAGE CONTENT", 5);

	us.key = key_private("KEY", names[0]);
	chain_load("CERT", names[1], &us.chain);
	return stream_run(names + 2, take, NULL, NULL);
}
