/* SPDX-License-Identifier: Apache-2.0 */
/* plc-crl - list the platform credentials that hold no more, for those who check them */
#include "base/cli.h"
#include "base/die.h"
#include "crypto/crl.h"
#include "msg/signed.h"
#include "role/ledger.h"
#include "role/m2mes.h"
#include "wire/stream.h"

static const char *key, *cert, *ledger, *validity;

static const struct poptOption options[] = {
	CLI_KEY(key, "The equipment supplier's CA key"),
	{ "cert", 'c', POPT_ARG_STRING, &cert, 0, "Its CA certificate", "PEM" },
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "The equipment supplier's ledger", "FILE" },
	{ "validity", 0, POPT_ARG_STRING, &validity, 0, "Until the next list is due (604800)",
	    "SECONDS" },
	CLI_CLOCK,
	CLI_CHANCE,
	CLI_END
};

enum { WEEK = 7 * 86400, YEAR = 366 * 86400 };

struct listing {
	struct store *ledger;
	struct plc_issuer issuer;
	uint64_t until;
};

static bool
list(const struct item *none, void *context, struct fault *f)
{
	static struct buf entries, crl;
	struct listing *l = context;
	uint8_t issuer[DIGEST_LEN];
	struct revocation r;
	uint64_t number;
	struct row row;

	(void)none;
	cert_issuer_id(&l->issuer.cert, issuer);
	if (!m2mes_next_crl(l->ledger, issuer, &number, f) || !m2mes_revoked(l->ledger, issuer,
	    &row, f))
		return false;
	while (row.found) {
		crl_add(&entries, m2mes_row(&row, &r), &r);
		if (!store_next(l->ledger, f, &row))
			return false;
	}
	crl_make(&l->issuer, number, cli_clock(), l->until, buf_bytes(&entries), &crl);
	stream_put_pem("X509 CRL", buf_bytes(&crl));
	return true;
}

int
main(int argc, char *argv[])
{
	struct listing l = { 0 };
	struct signer us;
	struct fault f;

	cli_start(argc, argv, options, "[OPTION...]", 0);
	signer_load(&us, key, cert, ROLE_M2MES);
	if (!crl_may_sign(&us.cert, "--cert", &f))
		die_fault(&f);
	l.issuer = (struct plc_issuer){ us.key, us.cert };
	l.until = signed_until(cli_clock(), cli_number("--validity", validity, 1, YEAR, WEEK));
	l.ledger = ledger_open(ledger);
	return stream_once(list, &l, store_guard(l.ledger));
}
