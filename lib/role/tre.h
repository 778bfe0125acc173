/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tre.h - the trusted environment of an M2ME: keys, credentials and MIDs in a
 * SQLite store of its own.
 *
 * Every secret in it is a COSE_Encrypt0 under the storage key, bound to the
 * place it stands in, so that rows cannot be exchanged; and all rows together
 * are sealed (trestore.h).  The storage key is in a file beside the store, mode 0600, which
 * a TPM has sealed when the TRE has one (storagekey.h).
 */
#ifndef TRE_H
#define TRE_H

#include "crypto/trust.h"
#include "role/storagekey.h"
#include "store/store.h"

struct tre {
	struct store *store;
	struct bytes storage_key;
	struct sealing_to sealed_to;	/* .parent 0: a TRE without a TPM, keys and all in software */
};

struct tre_identity {		/* what tre-init is told */
	struct bytes ueid;	/* type byte and value (RFC 9711 4.2.1) */
	const char *serial, *swname, *swversion;
	const char *const *measured;	/* paths of the files that make up the state; NULL-terminated */
	uint64_t dbgstat;
	EVP_PKEY *platform, *sealing;	/* keys that a TPM holds; NULL: made here */
	struct sealing_to seal_to;	/* with these */
	uint64_t quota;		/* MIDs that each operator may have in it */
};
enum { QUOTA = 4, QUOTA_MAX = 16 };

struct tpm_choice {		/* options of tre-init; each may be NULL */
	const char *platform, *sealing, *parent;	/* by URI; parent: handle:0x81000001 */
	const char *pcrs;	/* numbers with commas between them: 0,7 */
};
/* Fills in what is of a TPM; nothing when no option is given.  Dies (2): a choice that does not fit. */
void tre_choose_tpm(const struct tpm_choice *c, struct tre_identity *id);

/*
 * Makes the store at path and its storage key beside it ("PATH.storage-key").  Killed half-way, it can be
 * run again.  Dies: 3; 1 [already-initialised].
 */
void tre_create(const char *path, const struct tre_identity *id);

/* Dies: 3.  Every transaction begins with a look at the seal: a fault of the world when it does not fit. */
void tre_open(struct tre *t, const char *path);

/* Appends a secret, opened. table and row name the place. False: STATUS_WORLD, the store is damaged. */
bool tre_unseal(const struct tre *t, const char *table, struct text row, struct bytes sealed,
    struct buf *out, struct fault *f);
void tre_seal(const struct tre *t, const char *table, struct text row, struct bytes secret,
    struct buf *out);

struct tre_device {		/* the one row about the device; views until the end of the item */
	struct bytes ueid, plc;		/* plc: DER, absent until loaded */
	struct text serial, swname, swversion;
	uint64_t dbgstat;
};
bool tre_device(const struct tre *t, struct tre_device *d, struct fault *f);
uint64_t tre_class(const struct tre *t);	/* choice: TRE_SOFTWARE, TRE_TPM (evidence.h) */

/* The platform key signs, the sealing key receives. NULL and *f: the store is damaged. Kept for the process. */
EVP_PKEY *tre_platform_key(struct tre *t, struct fault *f);
EVP_PKEY *tre_sealing_key(struct tre *t, struct fault *f);

/* The i-th measured path, from 0; *found false past the end. */
bool tre_measured(const struct tre *t, uint64_t i, char *path, size_t size, bool *found, struct fault *f);

bool tre_add_anchor(const struct tre *t, struct bytes der, struct fault *f);
/* NULL and *f: [no-anchors], or trouble. */
struct trust *tre_anchors(const struct tre *t, struct fault *f);

/*
 * Takes the PlC when it leads to an anchor, certifies the platform key and UEID, and states the
 * class of this TRE.  Refused: as trust_check(), then [wrong-key] [wrong-device] [wrong-tre-class].
 */
bool tre_set_plc(struct tre *t, struct bytes der, uint64_t now, struct fault *f);

/*
 * Takes a certificate with the role US that leads to an anchor: orders count from its name alone,
 * and from no other ever after.  Refused: [already-owned] and as trust_check().
 */
bool tre_set_owner(const struct tre *t, struct bytes der, uint64_t now, struct fault *f);

#endif
