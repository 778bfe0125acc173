/* SPDX-License-Identifier: Apache-2.0 */
/*
 * der.h - DER (X.690 10) by hand, for what is made by the thousand: OpenSSL 3.0 takes ten times as
 * long as a signature to build a certificate or to take one apart.
 *
 * Written from its end to its beginning, so that what is inside is there when its length is
 * written:
 *	uint8_t *end = d.p;
 *	der_put(&d, last); der_put(&d, first);
 *	der_close(&d, DER_SEQUENCE, end);
 */
#ifndef DER_H
#define DER_H

#include "base/bytes.h"

enum {
	DER_BOOLEAN = 0x01, DER_INTEGER = 0x02, DER_BIT_STRING = 0x03, DER_OCTET_STRING = 0x04,
	    DER_NULL = 0x05,
	DER_OID = 0x06, DER_ENUMERATED = 0x0a, DER_UTF8 = 0x0c, DER_PRINTABLE = 0x13,
	DER_GENERALIZED_TIME = 0x18, DER_SEQUENCE = 0x30, DER_SET = 0x31,
	DER_CONTEXT = 0x80, DER_CONSTRUCTED = 0x20
};

struct der {
	uint8_t *start, *p;	/* what was written is at p; there is room from start to p */
	size_t n;		/* bytes written */
};

/* Of n bytes at room, which must suffice: what does not fit ends the process. */
struct der der_over(uint8_t *room, size_t n);

void der_put(struct der *d, struct bytes s);		/* before what was written; as it is */
/* the head of what lies between d->p and end */
void der_close(struct der *d, uint8_t tag, const uint8_t *end);
void der_put_as(struct der *d, uint8_t tag, struct bytes content);
/* positive; big-endian, not empty */
void der_put_integer(struct der *d, struct bytes magnitude);
void der_put_bits(struct der *d, struct bytes s);	/* a BIT STRING of whole bytes */
struct bytes der_written(const struct der *d);

/*
 * Takes the value with that tag from the front of *in: *content is what is inside.  False, and
 * *in as it was: another tag, a length that is not DER's or goes beyond.
 */
bool der_take(struct bytes *in, uint8_t tag, struct bytes *content);
bool der_take_whole(struct bytes *in, uint8_t tag, struct bytes *value);	/* with its head */
/* Goes in by n tags, past OIDs, to what is inside the last; false: there is another. */
bool der_descend(struct bytes in, const uint8_t *tags, size_t n, struct bytes *out);

#endif
