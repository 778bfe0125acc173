/* SPDX-License-Identifier: Apache-2.0 */
/* tre-csr - ask the equipment supplier for a platform credential */
#include "base/cli.h"
#include "base/die.h"
#include "crypto/csr.h"
#include "role/tre.h"

static const char *path;

static const struct poptOption options[] = {
	{ "tre", 't', POPT_ARG_STRING, &path, 0, "The TRE's store", "FILE" },
	CLI_CHANCE,
	CLI_END
};

static bool
request(const struct item *none, void *context, struct fault *f)
{
	static struct buf der;
	char serial[SERIAL_MAX + 1];
	struct tre *t = context;
	struct tre_device d;
	EVP_PKEY *platform;

	(void)none;
	if ((platform = tre_platform_key(t, f)) == NULL || !tre_device(t, &d, f))
		return false;
	if (!text_copy(d.serial, serial, sizeof serial))
		return fault_world(f, NULL, "tre: the serial number is damaged");
	csr_make(platform, serial, d.ueid, &der);
	stream_put_pem("CERTIFICATE REQUEST", buf_bytes(&der));
	return true;
}

int
main(int argc, char *argv[])
{
	struct tre t = { 0 };

	cli_start(argc, argv, options, "[OPTION...]", 0);
	tre_open(&t, path);
	return stream_once(request, &t, store_guard(t.store));
}
