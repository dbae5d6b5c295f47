/* ground.c - opening by descriptor and name, and file systems that fail */
#include "ground.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include "fail.h"

/** I/O errors in a row after which a file system counts as gone. */
#define ERRORS_MAX 50

bool ground_forbids(const struct ground *g, const struct stat *st)
{
	for (size_t i = 0; i < g->forbidden_len; i++)
		if (g->forbidden[i].dev == st->st_dev && g->forbidden[i].ino == st->st_ino)
			return true;
	return false;
}

/* File systems that fail. */

static struct failing *failing_on(struct ground *g, dev_t dev)
{
	for (size_t i = 0; i < g->failing_len; i++)
		if (g->failing[i].dev == dev)
			return &g->failing[i];
	return NULL;
}

static void note_failure(struct ground *g, dev_t dev)
{
	struct failing *f;

	pthread_mutex_lock(&g->lock);
	f = failing_on(g, dev);
	if (!f && g->failing_len < ARRAY_SIZE(g->failing)) {
		f = &g->failing[g->failing_len++];
		*f = (struct failing){ .dev = dev };
	}
	if (f)
		f->in_row += f->in_row < ERRORS_MAX;
	atomic_store(&g->any_failing, g->failing_len > 0);
	pthread_mutex_unlock(&g->lock);
}

void ground_answered(struct ground *g, dev_t dev)
{
	struct failing *f;

	if (!atomic_load(&g->any_failing))
		return;
	pthread_mutex_lock(&g->lock);
	f = failing_on(g, dev);
	if (f && f->in_row < ERRORS_MAX)
		f->in_row = 0;
	pthread_mutex_unlock(&g->lock);
}

bool ground_is_unavailable(struct ground *g, dev_t dev)
{
	const struct failing *f;
	bool gone;

	if (!atomic_load(&g->any_failing))
		return false;
	pthread_mutex_lock(&g->lock);
	f = failing_on(g, dev);
	gone = f && f->in_row == ERRORS_MAX;
	pthread_mutex_unlock(&g->lock);
	return gone;
}

void refuse(struct walk_entry *e, enum assay_coverage coverage, enum assay_reason reason,
	    const char *detail)
{
	e->coverage = coverage;
	e->reason = reason;
	snprintf(e->detail, sizeof(e->detail), "%s", detail);
}

void ground_failed(struct ground *g, struct walk_entry *e, dev_t dev, int error)
{
	char text[96];

	refuse(e, ASSAY_NOTHING, reason_of_errno(error), strerror_r(error, text, sizeof(text)));
	if (error == EIO || error == ENOTCONN || error == EHOSTDOWN || error == ETIMEDOUT ||
	    error == ESTALE)
		note_failure(g, dev);
}

/* Opening. */

int open_quietly(struct ground *g, int dir, const char *name, int flags)
{
	int fd = openat(dir, name, flags | O_NOATIME);

	if (fd >= 0 || errno != EPERM)
		return fd;
	fd = openat(dir, name, flags);
	if (fd >= 0 && !(flags & O_DIRECTORY))
		atomic_fetch_add(&g->atime_kept_not, 1);
	return fd;
}

/** The directory that a path's last part lies in, part by part, from `dir` (taken).
 * @return  a descriptor or -1; *ret_last is the last part */
static int open_parents(struct ground *g, int dir_take, const char *path, int flags,
			const char **ret_last)
{
	CLEANUP(fd_closep) int dir = dir_take;

	for (const char *slash; dir >= 0 && (slash = strchr(path, '/')); path = slash + 1) {
		char *name = strndup(path, (size_t)(slash - path));
		int next = name ? *name ? open_quietly(g, dir, name, flags) : dup(dir) : -1;

		free(name);
		fd_closep(&dir);
		dir = next;
	}
	*ret_last = path;
	return fd_steal(&dir);
}

/** The same for a name that may be longer than a system call takes; -1: AT_FDCWD does. */
int open_long_parents(struct ground *g, const char *path, const char **ret_last)
{
	*ret_last = path;
	if (strlen(path) < PATH_MAX)
		return AT_FDCWD;
	return open_parents(g, open(*path == '/' ? "/" : ".", OPEN_DIR), path,
			    OPEN_DIR & ~O_NOFOLLOW, ret_last);
}

/** Open something below a root by its path. */
int open_below(struct ground *g, const char *root, const char *path, int flags)
{
	CLEANUP(fd_closep) int dir = -1;

	if (!*path)
		return open_quietly(g, AT_FDCWD, root, flags & ~O_NOFOLLOW);
	dir = open_parents(g, open_quietly(g, AT_FDCWD, root, OPEN_DIR & ~O_NOFOLLOW), path,
			   OPEN_DIR, &path);
	return dir < 0 ? -1 : open_quietly(g, dir, path, flags);
}

int open_listed(struct ground *g, const char *path, int flags)
{
	int dir = open_long_parents(g, path, &path), fd;

	if (dir == -1)
		return -1;
	fd = open_quietly(g, dir, path, flags & ~O_NOFOLLOW);
	if (dir >= 0)
		close(dir);
	return fd;
}
