/* SPDX-License-Identifier: Apache-2.0 */
/* pcid-gen - make provisional connectivity identities with fresh credentials */
#include <stdio.h>

#include "base/cli.h"
#include "base/die.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "msg/pcid.h"
#include "role/ledger.h"

static const char *plmn, *first, *ledger, *count, *ro, *batch, *not_before, *not_after,
    *amf = "8000", *algorithm = "milenage", *k_length;
static int allow_test_keys;

static const struct poptOption options[] = {
	{ "plmn", 'p', POPT_ARG_STRING, &plmn, 0, "PLMN of the registration operator: 001-01",
	  "MCC-MNC" },
	{ "ro", 0, POPT_ARG_STRING, &ro, 0, "Name of the registration operator", "NAME" },
	{ "first", 'f', POPT_ARG_STRING, &first, 0, "First PCID, all digits", "DIGITS" },
	{ "ledger", 'l', POPT_ARG_STRING, &ledger, 0, "Take the next PCIDs of the PLMN from FILE",
	  "FILE" },
	{ "count", 'n', POPT_ARG_STRING, &count, 0, "How many (1)", "N" },
	{ "batch", 'b', POPT_ARG_STRING, &batch, 0, "Name of the batch", "NAME" },
	{ "amf", 0, POPT_ARG_STRING, &amf, 0, "Authentication management field (8000)", "HEX" },
	{ "algorithm", 0, POPT_ARG_STRING, &algorithm, 0, "milenage, tuak or xor (milenage)",
	  "WORD" },
	{ "k-length", 0, POPT_ARG_STRING, &k_length, 0, "Bytes of K: 16, or 32 for tuak (16)",
	  "N" },
	{ "allow-test-keys", 0, POPT_ARG_NONE, &allow_test_keys, 0,
	  "Allow xor and keys known to all", NULL },
	{ "not-before", 0, POPT_ARG_STRING, &not_before, 0, "Valid from TIME", "TIME" },
	{ "not-after", 0, POPT_ARG_STRING, &not_after, 0, "Valid until TIME", "TIME" },
	CLI_ARMOR,
	CLI_CHANCE,
	CLI_PROGRESS,
	CLI_END
};

enum { IMSI_DIGITS = 15, AMF_BYTES = 2 };

struct making {
	struct pcid pcid;
	char digits[IMSI_MAX + 1];
	uint64_t left;
	size_t k_n;
	uint8_t *secret;
};

/* The next number of the same length; the range was checked before. */
static void
count_up(char *digits, size_t n)
{
	while (n-- > 0 && digits[n]++ == '9')
		digits[n] = '0';
}

static bool
make(const struct item *none, void *context, struct fault *f)
{
	struct making *m = context;

	(void)none;
	if (m->left-- == 0)
		return false;
	credential_draw(&m->pcid.credential, m->k_n, m->secret);
	if (!credential_is_secret(&m->pcid.credential, allow_test_keys, f))
		return false;
	stream_put(&pcid_record, &m->pcid);
	count_up(m->digits, m->pcid.pcid.n);
	return true;
}

/* Ranges of a ledger: the PLMN's digits, then a number that fills up to 15. */
static void
take_from_ledger(struct making *m)
{
	struct store *s = ledger_make(ledger);
	int mnc = (int)strlen(plmn) - 4;
	uint64_t last = 0, got;
	struct fault f;

	for (int i = 3 + mnc; i < IMSI_DIGITS; i++)
		last = 10 * last + 9;
	store_begin(s);
	if (!ledger_take(s, text_of(plmn), 1, last, m->left, &got, &f))
		die_fault(&f);
	store_commit(s);
	snprintf(m->digits, sizeof m->digits, "%.3s%.*s%0*llu", plmn, mnc, plmn + 4,
	    IMSI_DIGITS - 3 - mnc, (unsigned long long)got);
}

/* The PLMN's digits stay: only what follows them counts. */
static void
take_from_option(struct making *m)
{
	size_t n = strlen(first), fixed = strlen(plmn) - 1;
	uint64_t number, room = 1;

	if (n > IMSI_MAX || strspn(first, "0123456789") != n)
		die_request("--first: needs up to %d digits, has '%s'", IMSI_MAX, first);
	strcpy(m->digits, first);
	if (n <= fixed)
		return;		/* pcid_check() will say so */
	number = cli_number("--first", first + fixed, 0, UINT64_MAX, 0);
	for (size_t i = fixed; i < n; i++)
		room *= 10;
	if (m->left > room - number)
		die_request("--count: there are only %llu numbers from '%s' on",
		    (unsigned long long)(room - number), first);
}

int
main(int argc, char *argv[])
{
	static struct buf amf_bytes;
	struct making m = { 0 };
	struct fault f;
	struct pcid check;

	cli_start(argc, argv, options, "[OPTION...]", 0);
	cli_require(plmn, "--plmn");
	cli_require(ro, "--ro");
	if (!plmn_check(text_of(plmn), "--plmn", &f))
		die_fault(&f);
	if ((first == NULL) == (ledger == NULL))
		die_request("needs either --first or --ledger; see %s --help", progname);
	if (!hex_read(&amf_bytes, text_of(amf)) || amf_bytes.n != AMF_BYTES)
		die_request("--amf: needs 4 hex digits, has '%s'", amf);
	m.left = cli_number("--count", count, 1, 1000000000000, 1);
	random_start();
	m.secret = secret_new(CREDENTIAL_SECRET);
	m.k_n = cli_number("--k-length", k_length, 16, 32, 16);
	if (choice_of(&aka_algorithms, text_of(algorithm)) == 0)
		die_request("--algorithm: '%s' is none of its choices; see %s --help", algorithm,
		    progname);
	(first != NULL ? take_from_option : take_from_ledger)(&m);
	m.pcid = (struct pcid){
		.pcid = text_of(m.digits), .plmn = text_of(plmn), .ro = text_of(ro),
		.batch = text_of(batch),
		.not_before = cli_time("--not-before", not_before, 0),
		.not_after = cli_time("--not-after", not_after, 0),
		.credential = {
			.algorithm = choice_of(&aka_algorithms, text_of(algorithm)),
			.amf = buf_bytes(&amf_bytes),
			.sqn = 1 << AKA_IND_BITS,
		},
	};
	/* what all have in common is checked once, before any secret is drawn */
	check = m.pcid;
	credential_place(&check.credential, m.k_n, m.secret);
	if (!record_fits(&pcid_record, &check, &f))
		die_fault(&f);
	return stream_make(make, &m, NULL);
}
