/* SPDX-License-Identifier: Apache-2.0 */
/* datagram.h - unix datagram sockets, for peers that speak no CBOR */
#ifndef DATAGRAM_H
#define DATAGRAM_H

#include <sys/socket.h>
#include <sys/un.h>

#include "base/bytes.h"

enum { DATAGRAM_MAX = 4096 };

/*
 * Makes a socket at path, in place of one that a dead process
 * left; removed at exit, also by SIGTERM and SIGINT. Dies: 2, 3.
 */
int datagram_serve(const char *option, const char *path);

/* Connects to the socket at path. Dies: 2, 3. */
int datagram_connect(const char *option, const char *path);

/*
 * Waits for the next one: a view, good until called again; *from may be NULL.
 * Absent when a signal asked to stop or the peer is gone.
 */
struct text datagram_receive(int fd, struct sockaddr_un *from, socklen_t *from_n);

/* False when the peer is gone. to may be NULL: the connected one. */
bool datagram_send(int fd, const struct sockaddr_un *to, socklen_t to_n, struct bytes s);

/* The next word of a message, up to a stop character; false at its end. */
bool datagram_word(struct text *rest, const char *stops, struct text *word);

#endif
