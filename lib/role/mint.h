/* SPDX-License-Identifier: Apache-2.0 */
/* mint.h - an operator's profile, and MIDs made after it */
#ifndef MINT_H
#define MINT_H

#include "msg/mid.h"
#include "store/store.h"

struct mint {			/* a profile, read; lives as long as the process */
	struct text sho, plmn, spn, smsc;
	char iccid_prefix[20];	/* digits before the number */
	uint64_t first, last;	/* MSINs the IMSIs are taken from */
	size_t msin_digits;
	struct buf apns, destinations;
	size_t apn_count, destination_count;
	uint8_t amf[2];
	bool isim;
	uint64_t not_after;
	uint64_t algorithm;
	size_t k_n;
	bool allow_test_keys;
	uint8_t *secret;
};

/* Of a CONF file; see m2mkit-policy(5). Dies: 2, 3. */
void mint_load(struct mint *m, const char *path);

/*
 * Appends one MID: the next free IMSI of the ledger, fresh K and OPc, a trial triple; in the same
 * transaction the identity is entered in the ledger, dormant.  Refused: [used-up] [already-known]
 * [sample-key] [test-algorithm].
 */
bool mint_mid(struct mint *m, struct store *ledger, struct buf *out, struct fault *f);

#endif
