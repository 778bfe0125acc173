/* SPDX-License-Identifier: Apache-2.0 */
/* vector.h - an authentication vector of a credential, as the object that travels */
#ifndef VECTOR_H
#define VECTOR_H

#include "msg/attach.h"
#include "msg/credential.h"

/* For v->rand and one SQN; fills the rest of *v and makes *out of views of it. */
void vector_make(const struct credential *c, uint64_t sqn, struct aka_vector *v, struct av *out);

#endif
