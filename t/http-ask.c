/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http-ask PORT N REQUEST... - sends the files, HTTP requests, N times in turn to 127.0.0.1; a
 * connection is kept if it may be
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/die.h"

enum { REQUESTS_MAX = 64, ANSWER_MAX = 64 * 1024 };

static struct buf requests[REQUESTS_MAX];
static struct sockaddr_in server;

static void
load(struct buf *b, const char *path)
{
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		die_errno("cannot open '%s'", path);
	b->n = fread(buf_room(b, ANSWER_MAX), 1, ANSWER_MAX, file);
	fclose(file);
}

static int
dial(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || connect(fd, (struct sockaddr *)&server, sizeof server) == -1)
		die_errno("cannot connect");
	return fd;
}

/* Bytes of the answer, head and body; 0: not yet known. */
static size_t
whole(const char *answer)
{
	const char *body = strstr(answer, "\r\n\r\n"), *length = strcasestr(answer,
	    "\r\nContent-Length:");

	return body == NULL || length == NULL ? 0 :
	    (size_t)(body + 4 - answer) + strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
}

/* False: the server let go of the connection before it answered. */
static bool
ask(int fd, struct bytes request, bool *kept)
{
	static char answer[ANSWER_MAX + 1];
	size_t n = 0, need = 0;
	ssize_t got = 0;

	if (send(fd, request.p, request.n, MSG_NOSIGNAL) != (ssize_t)request.n)
		return false;
	while ((need == 0 || n < need) && (got = recv(fd, answer + n, ANSWER_MAX - n, 0)) > 0) {
		n += (size_t)got;
		answer[n] = '\0';
		need = whole(answer);
	}
	if (n == 0)
		return false;
	if (strncmp(answer, "HTTP/1.", 7) != 0 || strncmp(answer + 8, " 200", 4) != 0 ||
	    (need > 0 && n < need))
		die_world("answered '%.40s'", answer);
	*kept = got > 0 && strncmp(answer, "HTTP/1.1", 8) == 0 && strcasestr(answer,
	    "Connection: close") == NULL;
	return true;
}

int
main(int argc, char *argv[])
{
	int count = argc - 3, fd = -1;
	unsigned long n = argc > 3 ? strtoul(argv[2], NULL, 10) : 0;
	bool kept = false;

	if (n == 0 || count > REQUESTS_MAX)
		die_request("needs PORT N REQUEST...");
	server = (struct sockaddr_in){ .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	for (int i = 0; i < count; i++)
		load(&requests[i], argv[3 + i]);
	for (unsigned long i = 0; i < n; i++) {
		struct bytes request = buf_bytes(&requests[i % (unsigned long)count]);

		if (fd == -1 || !ask(fd, request, &kept)) {
			if (fd != -1)
				close(fd);
			fd = dial();
			if (!ask(fd, request, &kept))
				die_world("no answer");
		}
		if (!kept) {
			close(fd);
			fd = -1;
		}
	}
	return 0;
}
