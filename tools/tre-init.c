/* SPDX-License-Identifier: Apache-2.0 */
/* tre-init - make the trusted environment of an M2ME: its keys and its store */
#include <limits.h>

#include "base/cli.h"
#include "base/die.h"
#include "base/plain.h"
#include "crypto/csr.h"
#include "crypto/random.h"
#include "msg/evidence.h"
#include "msg/mid.h"
#include "role/tre.h"

static const char *tre, *imei, *serial, *swname = "m2me", *swversion = "1",
    *dbgstat = "disabled-permanently";
static const char *quota;
static struct tpm_choice tpm;
static char **measured;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &tre, 0, "The store to make", "FILE" },
	{ "serial", 's', POPT_ARG_STRING, &serial, 0, "Serial number of the device", "TEXT" },
	{ "imei", 'i', POPT_ARG_STRING, &imei, 0,
	  "Name the device by its IMEI; else by a random number",
	  "DIGITS" },
	{ "measure", 'm', POPT_ARG_ARGV, &measured, 0,
	  "A file whose content is attested (repeatable)",
	  "FILE" },
	{ "swname", 0, POPT_ARG_STRING, &swname, 0, "Name of the software (m2me)", "TEXT" },
	{ "swversion", 0, POPT_ARG_STRING, &swversion, 0, "Its version (1)", "TEXT" },
	{ "dbgstat", 0, POPT_ARG_STRING, &dbgstat, 0, "State of debugging (disabled-permanently)",
	  "WORD" },
	{ "platform", 0, POPT_ARG_STRING, &tpm.platform, 0, "The platform key, in a TPM", "KEY" },
	{ "sealing", 0, POPT_ARG_STRING, &tpm.sealing, 0, "The sealing key, in the same", "KEY" },
	{ "parent", 0, POPT_ARG_STRING, &tpm.parent, 0,
	  "The TPM's key under which the store is sealed (handle:0x81000001)", "KEY" },
	{ "pcrs", 0, POPT_ARG_STRING, &tpm.pcrs, 0, "PCRs to seal it to, and to quote (0,7)", "LIST" },
	{ "quota", 0, POPT_ARG_STRING, &quota, 0, "MIDs that each operator may have in it (4)", "N" },
	CLI_CHANCE,
	CLI_END
};

/*
 * RFC 9711 4.2.1: 14 digits, one to a byte, without
 * the check digit; or at least 16 random bytes.
 */
enum { UEID_RANDOM = 1, UEID_IMEI = 3, IMEI_DIGITS = 14, IMEI_CHECKED = 15, RANDOM_BYTES = 16 };

static size_t
make_ueid(uint8_t *ueid)
{
	size_t n = imei == NULL ? 0 : strlen(imei);

	if (imei == NULL) {
		ueid[0] = UEID_RANDOM;
		random_bytes(ueid + 1, RANDOM_BYTES);
		return 1 + RANDOM_BYTES;
	}
	if ((n != IMEI_DIGITS && n != IMEI_CHECKED) || strspn(imei, "0123456789") != n)
		die_request("--imei: needs 14 digits, or 15 with the check digit, has '%s'", imei);
	if (n == IMEI_CHECKED &&
	    imei[IMEI_DIGITS] != luhn_digit((struct text){ (const uint8_t *)imei, IMEI_DIGITS }))
		die_request("--imei: '%s' has a wrong check digit", imei);
	ueid[0] = UEID_IMEI;
	for (size_t i = 0; i < IMEI_DIGITS; i++)
		ueid[1 + i] = (uint8_t)(imei[i] - '0');
	return 1 + IMEI_DIGITS;
}

static uint64_t
choose_dbgstat(void)
{
	uint64_t choice = choice_of(&dbgstats, text_of(dbgstat));

	if (choice != 0)
		return choice;
	die_request("--dbgstat: '%s' is none of its choices; see tre-init(1)", dbgstat);
}

/* Evidence has to carry them. */
static void
check_text(const char *option, const char *value)
{
	struct text t = text_of(value);

	if (t.n == 0 || t.n > SOFTWARE_MAX || !text_plain(t))
		die_request("%s: needs 1 to %d bytes of text", option, SOFTWARE_MAX);
}

static void
check_measured(void)
{
	size_t n = 0;

	for (; measured != NULL && measured[n] != NULL; n++)
		if (*measured[n] == '\0' || measured[n][strlen(measured[n]) - 1] == '/' ||
		    strlen(measured[n]) >= PATH_MAX)
			die_request("--measure: '%s' names no file", measured[n]);
	if (n > MEASUREMENTS_MAX)
		die_request("--measure: needs up to %d files", MEASUREMENTS_MAX);
}

int
main(int argc, char *argv[])
{
	uint8_t ueid[UEID_MAX];
	struct tre_identity id = { 0 };

	cli_start(argc, argv, options, "[OPTION...]", 0);
	cli_require(tre, "--tre");
	cli_require(serial, "--serial");
	if (!serial_fits(serial))
		die_request("--serial: needs 1 to %d letters, digits, blanks or '()+,-./:=?, "
		    "has '%s'", SERIAL_MAX, serial);
	check_text("--swname", swname);
	check_text("--swversion", swversion);
	check_measured();
	id = (struct tre_identity){
		.ueid = { ueid, make_ueid(ueid) }, .serial = serial, .swname = swname,
		.swversion = swversion, .measured = (const char *const *)measured,
		.dbgstat = choose_dbgstat(), .quota = cli_number("--quota", quota, 1, QUOTA_MAX, QUOTA),
	};
	tre_choose_tpm(&tpm, &id);
	tre_create(tre, &id);
	return STATUS_DONE;
}
