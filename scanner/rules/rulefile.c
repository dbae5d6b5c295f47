/* rulefile.c - files that rules come from: whose they are, and what is in them */
#include "rulefile.h"

#include "fail.h"

#include <errno.h>
#include <fcntl.h>

#define STEP (16 * KiB)

const char *rulefile_shown(const char *path)
{
	size_t len = strlen(path);

	return len > 120 ? path + len - 120 : path;
}

enum assay_status rulefile_fail(struct assay_error *err, const char *path, const char *what)
{
	return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE, "%s: %s", rulefile_shown(path), what);
}

static enum assay_status check_owner(const char *path, const struct stat *st,
				     struct assay_error *err)
{
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return rulefile_fail(err, path,
				     "owned by another user: rules must belong to root or to you");
	if (st->st_mode & S_IWOTH)
		return rulefile_fail(err, path, "writable by everyone: chmod go-w it");
	if (st->st_mode & S_IWGRP)
		return rulefile_fail(err, path, "writable by its group: chmod g-w it");
	return ASSAY_OK;
}

enum assay_status rulefile_open(const char *path, bool may_be_directory, int *ret_fd,
				struct stat *ret_info, struct assay_error *err)
{
	/* O_NONBLOCK: a FIFO must not hang the scan. */
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (*ret_fd < 0 || fstat(*ret_fd, ret_info) < 0)
		return assay_fail_sys(err, ASSAY_FATAL, reason_of_errno(errno), errno, "%s",
				      rulefile_shown(path));
	if (!S_ISREG(ret_info->st_mode) && !(S_ISDIR(ret_info->st_mode) && may_be_directory))
		return rulefile_fail(err, path, "not a file");
	return check_owner(path, ret_info, err);
}

static enum assay_status fail_large(struct assay_error *err, const char *path, size_t max)
{
	return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE,
			  "%s: larger than %zu MiB: split the file", rulefile_shown(path),
			  max / MiB);
}

enum assay_status rulefile_read(int fd, const char *path, size_t max, struct buf *content,
				struct assay_error *err)
{
	for (;;) {
		char *room = buf_reserve(content, STEP);
		ssize_t got;

		if (!room)
			return content->len > max ? fail_large(err, path, max)
						  : assay_fail_memory(err, "rules");
		got = read(fd, room, STEP);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return assay_fail_sys(err, ASSAY_FATAL, reason_of_errno(errno), errno, "%s",
					      rulefile_shown(path));
		if (got == 0)
			return content->len > max ? fail_large(err, path, max) : ASSAY_OK;
		content->len += (size_t)got;
	}
}
