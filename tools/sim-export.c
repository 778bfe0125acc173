/* SPDX-License-Identifier: Apache-2.0 */
/* sim-export - write credentials or triplets in the form another program reads */
#include "base/cli.h"
#include "base/die.h"
#include "msg/attach.h"
#include "role/simfile.h"
#include "wire/output.h"
#include "wire/stream.h"

static const char *target_name;

static const struct poptOption options[] = {
	{ "for", 'f', POPT_ARG_STRING, &target_name, 0,
	  "Program: osmo-hlr, hostapd, open5gs, free5gc, pysim or strongswan", "PROGRAM" },
	CLI_KEEP_GOING,
	CLI_PROGRESS,
	CLI_END
};

static bool
export(const struct item *item, void *context, struct fault *f)
{
	const struct simfile *target = *(const struct simfile *const *)context;
	static bool begun;
	struct credential c;
	struct text identity;

	if (!subscriber_take(item, &identity, &c, f))
		return false;
	if (!begun)
		stream_put_text(text_of(target->before));
	if (!target->put(identity, &c, output_item(), f))
		return false;
	return begun = true;
}

/* strongSwan's triplets.dat takes no credentials but vectors: IMSI,RAND,SRES,Kc */
static bool
export_triplet(const struct item *item, void *context, struct fault *f)
{
	struct av av;

	(void)context;
	if (!item_decode(item, &av_record, &av, f))
		return false;
	if (av.kind != AV_GSM)
		return fault_request(f, "av.kind", "needs gsm, has %s",
		    av_kinds.words[av.kind - 1]);
	stream_put_text(av.identity);
	for (const struct bytes *part = (struct bytes[]){ av.rand, av.sres, av.kc, { 0 } };
	     part->p != NULL; part++) {
		stream_put_text(text_of(","));
		hex_add(output_item(), *part);
	}
	stream_put_text(text_of("\n"));
	return true;
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	const struct simfile *target;
	int status;

	cli_require(target_name, "--for");
	if (strcmp(target_name, "strongswan") == 0)
		return stream_run(files, export_triplet, NULL, NULL);
	if ((target = simfile_find(target_name)) == NULL)
		die_request("--for: there is no program '%s'; see %s --help", target_name,
		    progname);
	status = stream_run(files, export, &target, NULL);
	if (status == STATUS_DONE) {
		stream_put_text(text_of(target->after));
		output_keep();
		output_leave();
	}
	return status;
}
