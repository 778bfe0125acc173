/* SPDX-License-Identifier: Apache-2.0 */
/* plc-sign - turn requests into platform credentials that assert the expected system state */
#include "base/cli.h"
#include "base/die.h"
#include "base/when.h"
#include "msg/signed.h"
#include "role/ledger.h"
#include "role/m2mes.h"
#include "wire/stream.h"

static const char *key, *cert, *state, *ledger, *ocsp, *not_before, *not_after;
static int rekey;

enum { URL_MAX = 255 };

static const struct poptOption options[] = {
	CLI_KEY(key, "The equipment supplier's CA key"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its CA certificate", "PEM" },
	{ "state", 's', POPT_ARG_STRING, &state, 0, "The expected state; see m2mkit-policy(5)",
	  "CONF" },
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "Remember what was issued, to revoke it",
	    "FILE" },
	{ "rekey", 0, POPT_ARG_NONE, &rekey, 0, "A known device may come with another key", NULL },
	{ "ocsp", 0, POPT_ARG_STRING, &ocsp, 0, "Where their status is asked for", "URL" },
	{ "not-before", 0, POPT_ARG_STRING, &not_before, 0, "Valid from TIME (now)", "TIME" },
	{ "not-after", 0, POPT_ARG_STRING, &not_after, 0, "Valid until TIME (no end)", "TIME" },
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

/* Clients take it as it is: printable ASCII without blanks (RFC 3986 2), and of a scheme for OCSP. */
static void
check_ocsp(void)
{
	size_t n = strlen(ocsp), scheme = 0;

	if (strncmp(ocsp, "http://", 7) == 0 || strncmp(ocsp, "https://", 8) == 0)
		scheme = (size_t)(strstr(ocsp, "//") + 2 - ocsp);
	for (size_t i = 0; i < n; i++)
		if (ocsp[i] <= ' ' || ocsp[i] >= 0x7f)
			scheme = 0;
	if (scheme == 0 || n == scheme || n > URL_MAX)
		die_request("--ocsp: needs a URL such as http://ocsp.example/ of up to %d bytes, "
		    "has '%s'", URL_MAX, ocsp);
}

static bool
issue(struct m2mes *m, const struct csr *csr, struct buf *out, struct fault *f)
{
	uint8_t serial[PLC_SERIAL];

	if (m->ledger != NULL)
		return m2mes_issue(m, csr, out, f);
	plc_draw_serial(serial);
	plc_issue(&m->form, csr, serial, out);
	return true;
}

static bool
sign(const struct item *item, void *context, struct fault *f)
{
	static struct buf plc;
	struct csr csr;

	if (item->label == NULL || strcmp(item->label, "CERTIFICATE REQUEST") != 0)
		return item_unwanted(item, "a CERTIFICATE REQUEST block", f);
	if (!csr_read(item->bytes, &csr, f))
		return false;
	plc.n = 0;
	if (!issue(context, &csr, &plc, f))
		return false;
	stream_put_pem("CERTIFICATE", buf_bytes(&plc));
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct m2mes m;
	static struct tcb tcb;
	uint64_t from, until;
	struct signer us;
	char begin[WHEN_LEN], end[WHEN_LEN];
	struct fault f;

	cli_require(state, "--state");
	m2mes_load_state(state, &tcb);
	if (ocsp != NULL)
		check_ocsp();
	signer_load(&us, key, cert, ROLE_M2MES);
	if (!plc_may_issue(&us.cert, "--cert", &f))
		die_fault(&f);
	from = cli_time("--not-before", not_before, cli_clock());
	until = cli_time("--not-after", not_after, WHEN_MAX);
	if (until <= from)
		die_request("--not-after: needs a time after %s, has %s", when_spell(from, begin),
		    when_spell(until, end));
	plc_form(&m.form, &(struct plc_issuer){ us.key, us.cert }, &tcb, ocsp, from, until);
	if (rekey && ledger == NULL)
		die_request("--rekey: needs --ledger");
	if (ledger != NULL) {
		m2mes_begin(&m, not_before != NULL ? from : 0, until, cli_clock());
		m.rekey = rekey;
		m.ledger = ledger_make(ledger);
	}
	return stream_run(files, sign, &m, m.ledger != NULL ? store_guard(m.ledger) : NULL);
}
