/* SPDX-License-Identifier: Apache-2.0 */
#include "role/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "role/m2mes.h"

#define UNFINISHED ".unfinished"	/* no base64 has a dot */

/* The directories of a name that are not there yet; the name as it was. */
static void
make_directories(int at, char *name)
{
	for (char *slash = name; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		if (mkdirat(at, name, 0755) == -1 && errno != EEXIST)
			die_errno("--prepare: cannot make the directory '%s'", name);
		*slash = '/';
	}
}

static void
write_whole(int at, struct bytes content)
{
	int fd = openat(at, UNFINISHED, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ssize_t n;

	for (; fd != -1 && content.n > 0; content.p += n, content.n -= (size_t)n)
		if ((n = write(fd, content.p, content.n)) <= 0)
			break;
	if (fd == -1 || content.n > 0 || close(fd) == -1)
		die_errno("--prepare: cannot write");
}

/* The server sees the old one or the new one. */
static void
put_file(int at, char *name, struct bytes content)
{
	write_whole(at, content);
	if (renameat(at, UNFINISHED, at, name) == 0)
		return;
	if (errno == ENOENT)
		make_directories(at, name);
	if (renameat(at, UNFINISHED, at, name) == -1)
		die_errno("--prepare: cannot write '%s'", name);
}

static int
open_directory(const char *directory)
{
	int at;

	if (mkdir(directory, 0755) == -1 && errno != EEXIST)
		die_errno("--prepare: cannot make '%s'", directory);
	at = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at == -1)
		die_errno("--prepare: cannot open '%s'", directory);
	return at;
}

int
prepare_responses(const struct responder *r, struct store *s, const char *directory)
{
	static struct ocsp_request q;
	int at = open_directory(directory);
	uint8_t issuer[DIGEST_LEN];
	struct buf response = { 0 };
	struct revocation status;
	char name[OCSP_PATH_MAX];
	struct fault f;
	struct row row;
	bool ok;

	cert_issuer_id(&r->issuer, issuer);
	ok = m2mes_issued(s, issuer, &row, &f);
	while (ok && row.found) {
		response.n = 0;
		ocsp_path(r, m2mes_row(&row, &status), name, &q);
		ocsp_answer(r, &q, &status, &response);
		put_file(at, name, buf_bytes(&response));
		ok = store_next(s, &f, &row);
	}
	if (!ok)
		die_fault(&f);
	if (syncfs(at) == -1 || close(at) == -1)
		die_errno("--prepare: cannot write");
	return STATUS_DONE;
}
