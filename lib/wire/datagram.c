/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/datagram.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"

static char own_path[sizeof ((struct sockaddr_un *)0)->sun_path];
static volatile sig_atomic_t asked_to_stop;
static uint8_t message[DATAGRAM_MAX];

static void
stop(int signal_number)
{
	(void)signal_number;
	asked_to_stop = 1;
}

static void
tidy(void)
{
	if (*own_path != '\0')
		unlink(own_path);
	explicit_bzero(message, sizeof message);
}

static struct sockaddr_un
address(const char *option, const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof a.sun_path)
		die_request("%s: needs a path below %zu bytes, has %zu", option, sizeof a.sun_path,
		    strlen(path));
	strcpy(a.sun_path, path);
	return a;
}

/* No SA_RESTART: a signal ends the wait for the next datagram. */
static void
stop_when_asked(void)
{
	struct sigaction ask = { .sa_handler = stop };

	sigaction(SIGTERM, &ask, NULL);
	sigaction(SIGINT, &ask, NULL);
	atexit(tidy);
}

int
datagram_serve(const char *option, const char *path)
{
	struct sockaddr_un a = address(option, path);
	int probe = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), fd;
	struct stat there;
	mode_t mask;

	if (lstat(path, &there) == 0 && S_ISSOCK(there.st_mode)) {
		if (connect(probe, (struct sockaddr *)&a, sizeof a) == 0)
			die_world("%s: '%s' is served by another process", option, path);
		unlink(path);
	}
	close(probe);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	mask = umask(077);
	if (fd == -1 || bind(fd, (struct sockaddr *)&a, sizeof a) == -1)
		die_errno("%s: cannot make a socket at '%s'", option, path);
	umask(mask);
	strcpy(own_path, path);
	stop_when_asked();
	return fd;
}

/* Bound to no name of a file: the kernel gives a name that vanishes with us. */
int
datagram_connect(const char *option, const char *path)
{
	struct sockaddr_un a = address(option, path), own = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&own, sizeof own.sun_family) == -1 ||
	    connect(fd, (struct sockaddr *)&a, sizeof a) == -1)
		die_errno("%s: cannot connect to '%s'", option, path);
	stop_when_asked();
	return fd;
}

struct text
datagram_receive(int fd, struct sockaddr_un *from, socklen_t *from_n)
{
	ssize_t n;

	explicit_bzero(message, sizeof message);
	if (asked_to_stop)
		return (struct text){ 0 };
	n = recvfrom(fd, message, sizeof message, 0, (struct sockaddr *)from, from_n);
	if (n >= 0)
		return (struct text){ message, (size_t)n };
	if (errno != EINTR && errno != ECONNREFUSED && errno != ECONNRESET)
		die_errno("cannot receive");
	return (struct text){ 0 };
}

bool
datagram_send(int fd, const struct sockaddr_un *to, socklen_t to_n, struct bytes s)
{
	if (sendto(fd, s.p, s.n, 0, (const struct sockaddr *)to, to_n) == (ssize_t)s.n)
		return true;
	if (errno != ECONNREFUSED && errno != ENOENT && errno != ECONNRESET && errno != ENOTCONN)
		die_errno("cannot send");
	return false;
}

bool
datagram_word(struct text *rest, const char *stops, struct text *word)
{
	size_t n = 0;

	if (rest->n == 0)
		return false;
	while (n < rest->n && (rest->p[n] == '\0' || strchr(stops, rest->p[n]) == NULL))
		n++;
	*word = (struct text){ rest->p, n };
	if (n < rest->n)
		n++;
	rest->p += n;
	rest->n -= n;
	return true;
}
