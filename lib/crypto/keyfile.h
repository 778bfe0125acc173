/* SPDX-License-Identifier: Apache-2.0 */
/* keyfile.h - keys and PINs in files and descriptors; for key_uri.c and token.c */
#ifndef KEYFILE_H
#define KEYFILE_H

#include "crypto/key.h"

/* Of the scheme of "fd:3"; 0 for a path: there, a colon stands behind a slash, or none does. */
size_t keyfile_scheme(const char *uri);

/*
 * Appends all of a file by its path or "file:PATH", or of a descriptor "fd:N".  Dies: 2 another
 * scheme; 3 unreadable, not for this user alone, or longer than most.
 */
void keyfile_read(const char *option, const char *uri, size_t most, struct buf *out);

/* The first private key of PEM. Dies (3): none, or none that is fit. */
EVP_PKEY *keyfile_key(const char *option, const char *uri);

#endif
