/* SPDX-License-Identifier: Apache-2.0 */
/* pemfile.h - files of certificates */
#ifndef PEMFILE_H
#define PEMFILE_H

#include "base/bytes.h"

/*
 * The certificates of a PEM file, first to last, as DER that lives as long as the process; blocks of
 * other kinds are passed over.  Answers how many.  Dies: 3 unreadable, 2 none, more than most, or one
 * that is no certificate.
 */
size_t pemfile_certificates(const char *option, const char *path, struct bytes *ders, size_t most);
/* The same of revocation lists, but that what is in the blocks is not looked at. */
size_t pemfile_lists(const char *option, const char *path, struct bytes *ders, size_t most);

#endif
