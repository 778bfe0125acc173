/* SPDX-License-Identifier: Apache-2.0 */
/* pva-ocsp - say whether platform credentials hold, by the Online Certificate Status Protocol */
#include <unistd.h>

#include "base/cli.h"
#include "base/die.h"
#include "crypto/ocsp.h"
#include "crypto/pemfile.h"
#include "msg/signed.h"
#include "role/ledger.h"
#include "role/m2mes.h"
#include "role/prepare.h"
#include "wire/input.h"
#include "wire/output.h"

static const char *key, *cert, *issuer, *ledger, *validity, *prepare;

static const struct poptOption options[] = {
	CLI_KEY(key, "The responder's key"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its certificate, for OCSPSigning", "PEM" },
	{ "issuer", 'i', POPT_ARG_STRING, &issuer, 0, "The equipment supplier's CA certificate",
	    "PEM" },
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The equipment supplier's ledger", "FILE" },
	{ "validity", 0, POPT_ARG_STRING, &validity, 0, "How long a response holds (3600)",
	    "SECONDS" },
	{ "prepare", 0, POPT_ARG_STRING, &prepare, 0,
	    "Write all responses into PATH, for a file server", "PATH" },
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_END
};

enum { HOUR = 3600, YEAR = 366 * 86400 };

static void
load_certificate(const char *option, const char *path, struct cert *c)
{
	struct bytes der;
	struct fault f;

	pemfile_certificates(option, path, &der, 1);
	if (!cert_read(der, c, option, &f))
		die_fault(&f);
}

static void
load_responder(struct responder *r)
{
	struct fault f;

	r->this_update = cli_clock();
	r->next_update = signed_until(cli_clock(), cli_number("--validity", validity, 1, YEAR,
	    HOUR));
	cli_require(cert, "--cert");
	cli_require(issuer, "--issuer");
	r->key = key_private("--key", key);
	load_certificate("--cert", cert, &r->cert);
	load_certificate("--issuer", issuer, &r->issuer);
	if (!key_equal(r->key, r->cert.key))
		die_request("--cert: '%s' is not the certificate of --key", cert);
	if (!ocsp_open(r, &f))
		die_fault(&f);
}

/* Appends what is to be answered, whatever was asked; false: it is an error, and *f says why. */
static bool
answer(const struct responder *r, struct store *s, const uint8_t id[static DIGEST_LEN],
    const struct item *item, struct buf *out, struct fault *f)
{
	static struct ocsp_request q;
	struct revocation status[OCSP_CERTS_MAX] = { 0 };

	if (item->wrong != NULL)
		fault_request(f, NULL, "not an OCSP request: %s", item->wrong);
	if (item->wrong != NULL || !ocsp_read(r, item->bytes, &q, f)) {
		ocsp_answer_error(OCSP_MALFORMED, out);
		return false;
	}
	for (size_t i = 0; i < q.n; i++)
		if (q.serial[i].p != NULL && !m2mes_status(s, id, q.serial[i], &status[i], f)) {
			ocsp_answer_error(OCSP_INTERNAL, out);
			return false;
		}
	ocsp_answer(r, &q, status, out);
	return true;
}

static struct store *asked;	/* the ledger, of which one view serves until output leaves */

static void
leave(void)
{
	store_commit(asked);
	if (output_pending())
		output_leave();
}

static int
serve(const struct responder *r, struct store *s, const char *const *files)
{
	uint8_t id[DIGEST_LEN];
	int status = STATUS_DONE;
	struct item item;
	struct fault f;

	if (isatty(STDOUT_FILENO))
		die_request("a response is binary: needs a file or a pipe to write it to");
	cert_issuer_id(&r->issuer, id);
	asked = s;
	input_open(files, leave);
	while ((cli_keep_going || status == STATUS_DONE) && input_take_der(&item)) {
		store_view(s);
		if (!answer(r, s, id, &item, output_item(), &f)) {
			warn_fault(&f);
			status = (int)f.status > status ? (int)f.status : status;
		}
		output_keep();
		if (output_full(1))
			leave();
	}
	if (die_item == 0) {
		ocsp_answer_error(OCSP_MALFORMED, output_item());
		output_keep();
	}
	leave();
	if (die_item == 0)
		die_request("needs an object, has empty input");
	return status;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct responder r;
	struct store *s;

	if (prepare != NULL)
		cli_no_operands(files);
	load_responder(&r);
	s = ledger_open(ledger);
	return prepare != NULL ? prepare_responses(&r, s, prepare) : serve(&r, s, files);
}
