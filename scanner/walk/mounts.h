/**
 * mounts.h - what file system something is on, and whether to go there
 */
#ifndef MOUNTS_H
#define MOUNTS_H

#include <sys/stat.h>

#include "base.h"

/** Where something lies, by statx(2): nothing is opened, nothing is mounted. */
struct site {
	dev_t dev;
	ino_t ino;
	uint64_t mount;    /**< mount id; 0: the kernel does not tell */
	mode_t type;       /**< S_IFMT bits */
	bool is_automount; /**< opening it would mount something */
};

/**
 * @param dir    the name's directory; with an empty name the thing itself
 * @param flags  AT_SYMLINK_NOFOLLOW or 0
 * @return       0 or an errno
 */
int site_of(int dir, const char *name, int flags, struct site *ret);

/** Has one to cross a mount between the two?  By mount id where there is one: parts of
 * one file system may have devices of their own, and one mounted twice has not. */
bool site_crosses(const struct site *from, const struct site *to);

/** What the walk has to know of a file system. */
struct mount_kind {
	const char *pseudo; /**< its name, if there is nothing of anybody's in it; or NULL */
	bool stubs;         /**< its files may lie elsewhere and be recalled by reading */
	bool remote;        /**< a call may take a server's time, or never come back */
};

/** Of the file system that an open file is on; all false if it cannot be asked. */
struct mount_kind mount_kind_of(int fd);

/** What the file system of a path is called.  May hang with its server. */
const char *mount_name(const char *path, char buffer[24]);

/** Does a file system called so lie on this machine for certain? */
bool mount_is_local(const char *name);

/** Is it a stub whose content would be recalled from elsewhere by reading it?  Of a file
 * on a file system with stubs. */
bool is_stub(int fd, const struct stat *st);

#endif
