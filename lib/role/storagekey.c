/* SPDX-License-Identifier: Apache-2.0 */
#include "role/storagekey.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "crypto/aead.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/tpm.h"
#include "wire/record.h"

enum { NAME = 4096, SEALED_MAX = 1024 };

/* --- what the file holds ----------------------------------------------------------- */

/* Of a key that a TPM sealed; one in the clear is the 32 bytes and nothing else. */
struct sealed_key {
	struct sealing_to to;
	struct bytes sealed;
};

static const struct field sealed_key_fields[] = {
	FIELD(sealed_key, 1, to.parent, REQUIRED, 0x81000000, 0x81ffffff),
	FIELD(sealed_key, 2, to.pcrs, REQUIRED, 1, (1 << TPM_PCRS) - 1),
	FIELD(sealed_key, 3, sealed, REQUIRED, 1, SEALED_MAX / 2),
};
static const struct record sealed_key_record =
    RECORD(sealed_key, "storage-key", sealed_key_fields, .type = "storage-key/1");

/* Appends. */
static void
seal(struct sealing_to to, const uint8_t key[static KEY256], struct buf *out)
{
	static struct buf sealed;

	if (to.parent == 0) {
		buf_add(out, (struct bytes){ key, KEY256 });
		return;
	}
	sealed.n = 0;
	tpm_seal("--tre", (uint32_t)to.parent, (uint32_t)to.pcrs, key, &sealed);
	record_encode(&sealed_key_record, &(struct sealed_key){ to, buf_bytes(&sealed) }, out);
}

static bool
is_key(struct bytes content, struct sealed_key *s)
{
	struct fault f;

	*s = (struct sealed_key){ 0 };
	return content.n == KEY256 || record_decode(&sealed_key_record, s, content, &f);
}

/* All of it, but no more than is worth reading; false: see errno. */
static bool
read_all(int fd, uint8_t content[static SEALED_MAX], size_t *n)
{
	ssize_t got = 1;

	for (*n = 0; got > 0 && *n < SEALED_MAX; *n += (size_t)(got > 0 ? got : 0))
		if ((got = read(fd, content + *n, SEALED_MAX - *n)) == -1 && errno != EINTR)
			return false;
	return true;
}

static void
spell(const char *path, const char *end, char name[static NAME])
{
	if (snprintf(name, NAME, "%s.storage-key%s", path, end) >= NAME)
		die_request("--tre: path too long");
}

/* --- making ------------------------------------------------------------------------ */

/* A key that somebody was stopped after; false: nothing is there. */
static bool
is_left(const char *name)
{
	uint8_t content[SEALED_MAX];
	struct sealed_key key;
	char why[SECRET_WHY];
	struct stat there;
	size_t n = 0;
	int fd;

	if (lstat(name, &there) == -1) {
		if (errno != ENOENT)
			die_errno("cannot look at '%s'", name);
		return false;
	}
	if (!secret_file_fits(&there, why) || (fd = open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) == -1 ||
	    !read_all(fd, content, &n) || !is_key((struct bytes){ content, n }, &key))
		die_world("'%s' is there and is no storage key", name);
	close(fd);
	secret_wipe(content, sizeof content);
	return true;
}

/* In this order: whoever makes a store now makes it before its key. */
void
storagekey_spare(const char *path)
{
	char name[NAME];
	struct stat store;

	spell(path, "", name);
	if (is_left(name) && lstat(path, &store) == -1 && errno == ENOENT)
		die_world("'%s' is the key of a store that is not there: move it too", name);
}

/* Anew: what has this name was left half-made, or was put there for us to write through. */
static void
write_new(const char *name, struct bytes key)
{
	int fd;

	if (unlink(name) == -1 && errno != ENOENT)
		die_errno("cannot remove '%s'", name);
	if ((fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)) == -1)
		die_errno("cannot create '%s'", name);
	if (fchmod(fd, 0600) == -1 || write(fd, key.p, key.n) != (ssize_t)key.n || fsync(fd) == -1 ||
	    close(fd) == -1)
		die_errno("cannot write '%s'", name);
}

/* Only a key that was left is replaced, and what came there meanwhile is not. */
static void
put_in_place(const char *new, const char *name, bool left)
{
	if ((left ? rename(new, name) : link(new, name)) == -1)
		die_errno("cannot create '%s'", name);
	if (!left && unlink(new) == -1)
		die_errno("cannot remove '%s'", new);
}

/* The name of a new file is on the disk only when its directory is. */
static void
sync_directory(char *name)
{
	char *slash = strrchr(name, '/');
	int fd;

	if (slash != NULL)
		slash[slash == name] = '\0';
	fd = open(slash != NULL ? name : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1 || fsync(fd) == -1)
		die_errno("cannot sync the directory of the storage key");
	close(fd);
}

struct bytes
storagekey_make(const char *path, struct sealing_to to)
{
	uint8_t *key = secret_new(KEY256);
	struct buf content = { 0 };
	char name[NAME], new[NAME];
	bool left;

	spell(path, "", name);
	spell(path, ".new", new);
	left = is_left(name);
	random_bytes(key, KEY256);
	seal(to, key, &content);
	write_new(new, buf_bytes(&content));
	buf_free(&content);
	put_in_place(new, name, left);
	sync_directory(name);
	return (struct bytes){ key, KEY256 };
}

/* --- reading ----------------------------------------------------------------------- */

static struct bytes
read_file(const char *name)
{
	uint8_t *content = secret_new(SEALED_MAX);
	char why[SECRET_WHY];
	struct stat st;
	size_t n;
	int fd;

	/* not to wait for the other end of a pipe */
	if ((fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) == -1 || fstat(fd, &st) == -1)
		die_errno("cannot open '%s'", name);
	if (!secret_file_fits(&st, why))
		die_world("cannot use '%s': %s", name, why);
	if (!read_all(fd, content, &n))
		die_errno("cannot read '%s'", name);
	close(fd);
	return (struct bytes){ content, n };
}

struct bytes
storagekey_read(const char *path, struct sealing_to *to)
{
	struct bytes content;
	struct sealed_key s;
	char name[NAME];
	uint8_t *key;

	spell(path, "", name);
	content = read_file(name);
	if (!is_key(content, &s))
		die_world("'%s' is no storage key of %d bytes", name, KEY256);
	*to = s.to;
	if (to->parent == 0)
		return content;
	key = secret_new(KEY256);
	tpm_unseal("--tre", (uint32_t)to->parent, (uint32_t)to->pcrs, s.sealed, key);
	return (struct bytes){ key, KEY256 };
}
