/* SPDX-License-Identifier: Apache-2.0 */
/* sqn CREDENTIAL [FILE...] - says "SEQ IND" of each vector, with the K of a pcid or mid */
#include <stdio.h>

#include "base/cli.h"
#include "crypto/aka.h"
#include "msg/attach.h"
#include "msg/subscriber.h"
#include "wire/stream.h"

static const struct poptOption options[] = { CLI_END };

/* What a card that has seen nothing moves its array to. */
static bool
say(struct credential *c, const struct av *av, struct fault *f)
{
	struct aka_keys keys = credential_keys(c);
	struct aka_card card = { 0 };
	uint8_t auts[AKA_AUTS];
	struct aka_vector v;
	char line[64];

	memcpy(v.rand, av->rand.p, AKA_RAND);
	memcpy(v.autn, av->autn.p, AKA_AUTN);
	if (aka_check(&keys, &card, &v, auts) != AKA_RESPONSE)
		return fault_refuse(f, NULL, NULL, "no vector of this credential");
	for (unsigned i = 0; i < AKA_SLOTS_MAX; i++)
		if (card.seq[i] != 0) {
			snprintf(line, sizeof line, "%llu %u\n", (unsigned long long)card.seq[i], i);
			stream_put_text(text_of(line));
		}
	return true;
}

static bool
tell(const struct item *item, void *context, struct fault *f)
{
	static struct buf credential;
	struct text identity;
	struct credential *c = context;
	struct av av;

	if (item_is(item, &av_record))
		return item_decode(item, &av_record, &av, f) && say(c, &av, f);
	buf_add(&credential, item->bytes);
	return subscriber_read(buf_bytes(&credential), &identity, c, f);
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "CREDENTIAL [FILE...]", CLI_ANY);
	static struct credential c;

	return stream_run(files, tell, &c, NULL);
}
