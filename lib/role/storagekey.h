/* SPDX-License-Identifier: Apache-2.0 */
/* storagekey.h - the key of a TRE's store: 32 bytes in a file of their own, beside the store */
#ifndef STORAGEKEY_H
#define STORAGEKEY_H

#include "base/bytes.h"

/* Before the store is made.  Dies (3) when there is a key and no store: that one was moved away, and needs it. */
void storagekey_spare(const char *path);

/*
 * Makes a key in the file "PATH.storage-key", whole or not at all, and answers it.  A key that is
 * there is replaced: the caller knows that no device is sealed with it, and lets nobody else make
 * one meanwhile.  Whatever else is there stays.  Dies: 3; 2 when the path is too long.
 */
struct bytes storagekey_make(const char *path);

/* Dies (3) when the file is absent, has another length, or could be read or changed by others. */
struct bytes storagekey_read(const char *path);

#endif
