/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prepare.h - OCSP responses made before anybody asks, as files for a server that only hands out
 * files
 */
#ifndef PREPARE_H
#define PREPARE_H

#include "crypto/ocsp.h"
#include "store/store.h"

/*
 * Writes, or replaces, one file for each credential in the ledger of the responder's issuer.  Its
 * name below the directory is the path of the GET (RFC 6960 A.1), percent-encoding undone: a "/"
 * in it begins a subdirectory; it ends in "=", as our serial numbers are of one length.  Each
 * file is whole at any time, and all are on the disk in the end.  Answers the exit status; dies: 3.
 */
int prepare_responses(const struct responder *r, struct store *s, const char *directory);

#endif
