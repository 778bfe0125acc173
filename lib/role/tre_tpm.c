/* SPDX-License-Identifier: Apache-2.0 */
/* What tre-init is told of a TPM: its keys, and what the store is sealed to. */
#include "base/cli.h"
#include "base/die.h"
#include "crypto/attested.h"
#include "crypto/conf.h"
#include "crypto/tpm.h"
#include "role/tre.h"

static uint64_t
choose_pcrs(const char *pcrs)
{
	const char *rest = pcrs != NULL ? pcrs : "0,7";
	struct text word;
	uint64_t set = 0;
	char number[8];

	while (conf_word(&rest, &word)) {
		if (!text_copy(word, number, sizeof number))
			die_request("--pcrs: needs numbers with commas between them, has '%s'", pcrs);
		set |= UINT64_C(1) << cli_number("--pcrs", number, 0, TPM_PCRS - 1, 0);
	}
	if (set == 0)
		die_request("--pcrs: needs numbers with commas between them, has '%s'", pcrs);
	return set;
}

/* A quote or certification by another would prove nothing. */
static EVP_PKEY *
key_in_tpm(const char *option, const char *uri, bool (*fits)(const struct tpm_public *),
    const char *needs)
{
	static struct buf public;
	EVP_PKEY *key = key_private(option, uri);
	struct tpm_public p;

	if (!tpm_holds(key))
		die_request("%s: '%s' is no key in a TPM", option, uri);
	public.n = 0;
	tpm_public(key, &public);
	if (!tpm_public_read(buf_bytes(&public), &p) || !fits(&p))
		die_request("%s: '%s': needs a key made in the TPM and fixed to it, %s", option, uri,
		    needs);
	return key;
}

void
tre_choose_tpm(const struct tpm_choice *c, struct tre_identity *id)
{
	const char *parent = c->parent != NULL ? c->parent : "handle:0x81000001";
	uint32_t handle = 0;

	if (c->platform == NULL && c->sealing == NULL && c->parent == NULL && c->pcrs == NULL)
		return;
	id->platform = key_in_tpm("--platform", c->platform, tpm_public_attests,
	    "restricted and for signing alone");
	id->sealing = key_in_tpm("--sealing", c->sealing, tpm_public_only_agrees,
	    "for agreeing on keys alone");
	if (!tpm_handle(parent, &handle))
		die_request("--parent: needs a persistent handle such as handle:0x81000001, has '%s'",
		    parent);
	id->seal_to = (struct sealing_to){ handle, choose_pcrs(c->pcrs) };
}
