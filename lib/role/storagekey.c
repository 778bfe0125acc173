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

enum { NAME = 4096 };

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
	char why[SECRET_WHY];
	struct stat there;

	if (lstat(name, &there) == -1) {
		if (errno != ENOENT)
			die_errno("cannot look at '%s'", name);
		return false;
	}
	if (!secret_file_fits(&there, why) || there.st_size != KEY256)
		die_world("'%s' is there and is no storage key", name);
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
storagekey_make(const char *path)
{
	uint8_t *key = secret_new(KEY256);
	char name[NAME], new[NAME];
	bool left;

	spell(path, "", name);
	spell(path, ".new", new);
	left = is_left(name);
	random_bytes(key, KEY256);
	write_new(new, (struct bytes){ key, KEY256 });
	put_in_place(new, name, left);
	sync_directory(name);
	return (struct bytes){ key, KEY256 };
}

/* --- reading ----------------------------------------------------------------------- */

struct bytes
storagekey_read(const char *path)
{
	uint8_t *key = secret_new(KEY256), more;
	char name[NAME], why[SECRET_WHY];
	struct stat st;
	ssize_t n;
	int fd;

	spell(path, "", name);
	/* not to wait for the other end of a pipe */
	if ((fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) == -1 || fstat(fd, &st) == -1)
		die_errno("cannot open '%s'", name);
	if (!secret_file_fits(&st, why))
		die_world("cannot use '%s': %s", name, why);
	if ((n = read(fd, key, KEY256)) == -1)
		die_errno("cannot read '%s'", name);
	if (n != KEY256 || read(fd, &more, 1) != 0)
		die_world("'%s' is no storage key of %d bytes", name, KEY256);
	close(fd);
	return (struct bytes){ key, KEY256 };
}
