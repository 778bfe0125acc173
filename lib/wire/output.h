/* SPDX-License-Identifier: Apache-2.0 */
/* output.h - standard output, buffered: whole items only */
#ifndef OUTPUT_H
#define OUTPUT_H

#include "base/bytes.h"

struct buf *output_item(void);		/* the buffer: append the item at hand to it */
void output_keep(void);			/* the item is whole: it will leave */
void output_drop(void);			/* the item failed: nothing of it will */
bool output_full(size_t times);		/* that many times 64 KiB of whole items wait */
bool output_pending(void);		/* anything waits */
void output_leave(void);		/* writes all whole items; dies when it cannot */

#endif
