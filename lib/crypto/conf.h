/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf.h - files edited by hand, in OpenSSL's CONF syntax.
 *
 * Every key that is read is known: after reading, conf_finish() dies of any
 * section or key that nobody asked for, so that a misspelt line is never
 * silently without effect.  conf_load() dies of what stands twice, or only in
 * a file that is included.  All faults here are of the request (2), and name the
 * file, section and key.
 */
#ifndef CONF_H
#define CONF_H

#include "base/bytes.h"

struct conf;

/* Dies: 3 unreadable, 2 malformed (with the line) or longer than 16 MiB. */
struct conf *conf_load(const char *path);
/* NULL when absent. The text lives as long as the conf. */
const char *conf_text(struct conf *c, const char *section, const char *key);
/* Dies when absent. */
const char *conf_require(struct conf *c, const char *section, const char *key);
uint64_t conf_number(struct conf *c, const char *section, const char *key, uint64_t min,
    uint64_t max, uint64_t fallback);			/* decimal, strict; dies when malformed */
/* Hex of exactly n bytes into out; false when absent; dies when malformed. */
bool conf_hex(struct conf *c, const char *section, const char *key, uint8_t *out, size_t n);
/*
 * The i-th key and value of a section, in the file's
 * order; false past the end. Marks it as read.
 */
bool conf_each(struct conf *c, const char *section, size_t i, const char **key, const char **value);
/* Next word of a comma-separated value: *rest moves on; false at the end. Blanks are trimmed. */
bool conf_word(const char **rest, struct text *word);
/* The way out (2) of a value that is wrong: "FILE: [section] key: fact". */
_Noreturn void conf_wrong(const struct conf *c, const char *section, const char *key,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void conf_finish(struct conf *c);

#endif
