/* SPDX-License-Identifier: Apache-2.0 */
/*
 * storagekey.h - the key of a TRE's store: 32 bytes in a file of their own, beside the store; with a
 * TPM, sealed by it to the state of the platform.
 */
#ifndef STORAGEKEY_H
#define STORAGEKEY_H

#include "base/bytes.h"

struct sealing_to {
	uint64_t parent;	/* persistent object of the TPM; 0: the key lies in the clear */
	uint64_t pcrs;		/* to whose values it is sealed, bit i for PCR i */
};

/* Before the store is made.  Dies (3) when there is a key and no store: that one was moved away, and needs it. */
void storagekey_spare(const char *path);

/*
 * Makes a key in the file "PATH.storage-key", whole or not at all, and answers it.  A key that is
 * there is replaced: the caller knows that no device is sealed with it, and lets nobody else make
 * one meanwhile.  Whatever else is there stays.  Dies: 3; 2 when the path is too long.
 */
struct bytes storagekey_make(const char *path, struct sealing_to to);

/*
 * Fills *to.  Dies (3) when the file is absent, holds no key, or could be read or changed by
 * others; and when it is sealed and the TPM, or the platform's state, is another.
 */
struct bytes storagekey_read(const char *path, struct sealing_to *to);

#endif
