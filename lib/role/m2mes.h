/* SPDX-License-Identifier: Apache-2.0 */
/*
 * m2mes.h - what the equipment supplier remembers of the platform credentials it issued, and
 * revokes
 */
#ifndef M2MES_H
#define M2MES_H

#include "crypto/plc.h"
#include "crypto/revocation.h"
#include "store/store.h"

struct m2mes {			/* one run of issuing */
	struct store *ledger;
	struct plc_form form;
	uint8_t issuer[DIGEST_LEN], asked[DIGEST_LEN];	/* m2mes_begin() */
	uint64_t now, not_after;
	bool rekey;		/* a known device may come with another key */
};

/*
 * The file of m2mkit-policy(5): [state] says who made what; [fwids] the digests of the measured
 * components, in their order.  *tcb starts with { 0 }; its views last as long as the process, for
 * one file.  Dies: 3 unreadable, 2 malformed.
 */
void m2mes_load_state(const char *path, struct tcb *tcb);

/* After plc_form(): not_before as it was asked for; 0: it was not. */
void m2mes_begin(struct m2mes *m, uint64_t not_before, uint64_t not_after, uint64_t now);

/*
 * Appends the platform credential for a request.  The same request for the same state gets the
 * same one again; another state for the same device gets a new one, which supersedes the old.
 * Refused: [already-known]: the device is known with another key, or the key with another device;
 * [revoked]: the device's credential is, or the key is known to be compromised.
 */
bool m2mes_issue(struct m2mes *m, const struct csr *csr, struct buf *out, struct fault *f);

/*
 * Revokes, or for REASON_REMOVE lifts a hold; what is so already stays so.  object: the
 * certificate, which must be the one that was issued; absent: not compared.  A compromised key
 * takes the credential that holds for it along.
 * Refused: [unknown-plc] [already-revoked]: for another reason, and for good.
 */
bool m2mes_revoke(struct store *ledger, struct bytes serial, struct bytes object, unsigned reason,
    uint64_t now, struct fault *f);

bool m2mes_status(struct store *ledger, const uint8_t issuer[static DIGEST_LEN],
    struct bytes serial, struct revocation *r, struct fault *f);

/* The CA's next list of those revoked: its number, and each by each; see store_next(). */
bool m2mes_next_crl(struct store *ledger, const uint8_t issuer[static DIGEST_LEN], uint64_t *number,
    struct fault *f);
bool m2mes_revoked(struct store *ledger, const uint8_t issuer[static DIGEST_LEN], struct row *row,
    struct fault *f);
/* All that the CA issued, in order. */
bool m2mes_issued(struct store *ledger, const uint8_t issuer[static DIGEST_LEN], struct row *row,
    struct fault *f);
/* Of a row of either. */
struct bytes m2mes_row(const struct row *row, struct revocation *r);

#endif
