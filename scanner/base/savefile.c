/* savefile.c - write beside, flush, rename, flush */
#include "savefile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>

/** Whole, on the disk, under its name; a rename that is lost leaves the old file. */
static bool finish(int fd, int dir, const char *part, const char *name, const void *data,
		   size_t len)
{
	int rc = fd_write_all(fd, data, len);

	if (rc < 0)
		errno = -rc;
	return rc == 0 && fchmod(fd, 0600) == 0 && fsync(fd) == 0 &&
	       renameat(dir, part, dir, name) == 0;
}

bool file_save(int dir, const char *name, const void *data, size_t len)
{
	CLEANUP(fd_closep) int fd = -1;
	char part[NAME_MAX + 1];
	struct stat old;
	uint32_t chance;
	int wrong;

	if (fstatat(dir, name, &old, 0) == 0 && !S_ISREG(old.st_mode)) {
		errno = S_ISDIR(old.st_mode) ? EISDIR : ENOTSUP;
		return false;
	}
	if (getrandom(&chance, sizeof(chance), 0) != sizeof(chance))
		return false;
	if ((size_t)snprintf(part, sizeof(part), "%s.%08x" UNFINISHED_SUFFIX, name, chance) >=
	    sizeof(part)) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = openat(dir, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	if (!finish(fd, dir, part, name, data, len)) {
		wrong = errno;
		unlinkat(dir, part, 0);
		errno = wrong;
		return false;
	}
	fsync(dir);
	return true;
}
