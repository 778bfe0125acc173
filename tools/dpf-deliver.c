/* SPDX-License-Identifier: Apache-2.0 */
/* dpf-deliver - deliver a sealed MID that its operator authorised */
#include "base/cli.h"
#include "base/die.h"
#include "msg/envelope.h"
#include "role/dpf.h"
#include "role/ledger.h"

static const char *ledger, *key, *cert, *trust;

static const struct poptOption options[] = {
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The registration operator's ledger",
	  "FILE" },
	CLI_KEY(key, "The DPF's key"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its certificate, role DPF", "PEM" },
	{ "trust", 't', POPT_ARG_STRING, &trust, 0, "Anchors", "PEM" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

static const char wanted[] = "authorization/1, verdict/1 or mid-package/1";

struct delivering {
	struct store *ledger;
	struct signer us;
	struct trust *anchors;
	struct dpf_case c;
	struct buf authorization, verdict, package;
};

static bool
deliver_package(struct delivering *d, const struct item *item, struct fault *f)
{
	static struct buf delivery;

	stream_expect(NULL);
	if (d->c.authorization.nonce.p == NULL)
		return stream_lacks("an authorization before the mid-package", f);
	if (!envelope_take(item, wanted, d->anchors, cli_clock(), &d->c.package, &d->package, f))
		return false;
	d->c.encoded_authorization = buf_bytes(&d->authorization);
	d->c.encoded_package = buf_bytes(&d->package);
	delivery.n = 0;
	if (!dpf_deliver(d->ledger, &d->c, &d->us, cli_clock(), &delivery, f))
		return false;
	stream_put_encoded(buf_bytes(&delivery));
	return true;
}

static bool
take_verdict(struct delivering *d, const struct item *item, struct fault *f)
{
	if (d->c.authorization.nonce.p == NULL)
		return stream_lacks("an authorization before the verdict", f);
	return signed_keep(item, &verdict_record, d->anchors, cli_clock(), &d->c.verdict, &d->verdict, f);
}

/* An authorization waits, and perhaps a verdict; the package that follows is delivered. */
static bool
deliver(const struct item *item, void *context, struct fault *f)
{
	struct delivering *d = context;

	if (envelope_is_package(item))
		return deliver_package(d, item, f);
	stream_expect("mid-package/1");
	if (item_is(item, &verdict_record))
		return take_verdict(d, item, f);
	if (!item_is(item, &authorization_record))
		return item_unwanted(item, wanted, f);
	memset(&d->c.verdict, 0, sizeof d->c.verdict);
	return signed_keep(item, &authorization_record, d->anchors, cli_clock(), &d->c.authorization,
	    &d->authorization, f);
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct delivering d;

	signer_load(&d.us, key, cert, ROLE_DPF);
	d.anchors = trust_load("--trust", trust);
	d.ledger = ledger_open(ledger);
	return stream_run(files, deliver, &d, store_guard(d.ledger));
}
