/* SPDX-License-Identifier: Apache-2.0 */
/* confline.h - the lines of a CONF file as they stand there, each heading and each key */
#ifndef CONFLINE_H
#define CONFLINE_H

#include "base/bytes.h"

struct conf_line {
	struct text section;	/* of a heading, or before "::"; absent: the last headed */
	struct text key;	/* absent: a heading */
};

/*
 * Takes the next line that is a heading or has a key, as OpenSSL's config(5) tells lines; *rest
 * moves on.  What a comment or a directive looks like is a key that no section has.
 */
bool conf_line_take(struct text *rest, struct conf_line *line);

#endif
