/*
 * namespaces.c - an empty network, and an empty file system
 *
 * A filter cannot look behind a pointer, so a call that takes a descriptor or a path
 * (newfstatat) might be given a path.  With nothing at all below `/` it finds nothing.
 */
#include "mechanism.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>

/** Make an empty, read-only file system the root.  What fails leaves the old root. */
static void empty_root(void)
{
	/* No propagation in either direction, before anything is mounted. */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return;
	/* On top of /proc: a directory that is there, and that nobody needs here. */
	if (mount("empty", "/proc", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  "size=4k,nr_inodes=2,mode=0555") < 0)
		return;
	if (chdir("/proc") < 0)
		return;
	/* The old root ends stacked on the new one, and is taken off. */
	if (syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0)
		return;
	if (chdir("/") < 0)
		return;
	if (mount(NULL, "/", NULL,
		  MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return;
}

int confine_namespaces_enter(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWUTS) < 0)
		return -errno;
	empty_root();
	return 0;
}
