/* SPDX-License-Identifier: Apache-2.0 */
/* mint.h - an operator's profile, and MIDs made after it */
#ifndef MINT_H
#define MINT_H

#include "msg/mid.h"
#include "msg/vector.h"
#include "store/store.h"

struct mint {			/* a profile, read; lives as long as the process */
	struct mid common;	/* what all MIDs have in common; usim and isim: as if there were both */
	bool with_usim, with_isim;
	char iccid_prefix[20];	/* digits before the number */
	uint64_t first, last;	/* MSINs the IMSIs are taken from */
	size_t msin_digits;
	size_t k_n;		/* bytes of K */
	uint64_t ota_sets;
	size_t ota_key_n;
	const char *domain, *impi, *impus;	/* with {imsi}; NULL: as TS 23.003 derives them */
	struct buf apns, destinations, preferred, forbidden;
	uint8_t amf[AKA_AMF], rotations[5], xorings[80];
	bool allow_test_keys;
	uint8_t *secret;
};

/* Of a CONF file; see m2mkit-policy(5). Dies: 2, 3. */
void mint_load(struct mint *m, const char *path);

/*
 * Appends one MID: the next free IMSI of the ledger, fresh keys and device token, a trial triple;
 * in the same transaction the identity is entered in the ledger, dormant.  Refused: [used-up]
 * [already-known] [sample-key] [test-algorithm].
 */
bool mint_mid(struct mint *m, struct store *ledger, struct buf *out, struct fault *f);

/* A run that a TRE can do alone, with the credential's first SQN; *trial: views of *v. */
void mint_trial(const struct credential *c, struct vector *v, struct trial *trial);

/* For profile.c. */

bool mint_fits(struct mint *m, struct fault *f);	/* whether such MIDs can be read */
enum {
	IMSI_DIGITS = 15, ICCID_DIGITS = 19,
	MINT_TOKEN = CREDENTIAL_SECRET, MINT_OTA = MINT_TOKEN + DEVICE_TOKEN, OTA_KEY_MAX = 32,
	MINT_SECRET = MINT_OTA + OTA_SETS_MAX * 2 * OTA_KEY_MAX	/* bytes of secret */
};

#endif
