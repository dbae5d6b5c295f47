/*
 * landlock.c - no file system, no network, no signals out, by Landlock
 *
 * Handles every right the running kernel knows and grants none.  The structure and the
 * constants are declared here because the distribution's header may be older than the
 * kernel; the ABI number says how much of the structure the kernel reads.
 */
#include "mechanism.h"

#include <errno.h>
#include <sys/syscall.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self 446
#endif

#define QUERY_ABI 1 /* LANDLOCK_CREATE_RULESET_VERSION */

struct rights {
	uint64_t fs;     /**< ABI 1 */
	uint64_t net;    /**< ABI 4: bind, connect */
	uint64_t scoped; /**< ABI 6: abstract sockets, signals */
};

static uint64_t low_bits(unsigned count)
{
	return (UINT64_C(1) << count) - 1;
}

/** File system rights known to each ABI: refer, truncate and ioctl came later. */
static uint64_t fs_rights(long abi)
{
	static const unsigned count[] = { 13, 14, 15, 15, 16 };
	size_t last = ARRAY_SIZE(count) - 1;
	size_t i = (size_t)(abi - 1);

	return low_bits(count[MIN(i, last)]);
}

int confine_landlock_enter(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, QUERY_ABI);
	struct rights rights = { 0 };
	size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
	CLEANUP(fd_closep) int fd = -1;

	if (abi < 1)
		return -ENOSYS;
	rights.fs = fs_rights(abi);
	rights.net = abi >= 4 ? low_bits(2) : 0;
	rights.scoped = abi >= 6 ? low_bits(2) : 0;
	fd = (int)syscall(SYS_landlock_create_ruleset, &rights, size, 0);
	if (fd < 0)
		return -errno;
	return syscall(SYS_landlock_restrict_self, fd, 0) < 0 ? -errno : 0;
}
