/* rlimits.c - ceilings the kernel keeps whatever else fails */
#include "mechanism.h"

#include <errno.h>
#include <sys/resource.h>

static int lower(__rlimit_resource_t what, rlim_t limit)
{
	struct rlimit now, want = { limit, limit };

	if (getrlimit(what, &now) < 0)
		return -errno;
	/* An administrator's stricter limit stays. */
	if (now.rlim_max < limit)
		want.rlim_max = now.rlim_max;
	if (now.rlim_cur < limit)
		want.rlim_cur = now.rlim_cur;
	return setrlimit(what, &want) < 0 ? -errno : 0;
}

int confine_rlimits_enter(uint64_t address_space)
{
	const struct {
		__rlimit_resource_t what;
		rlim_t limit;
	} limits[] = {
		{ RLIMIT_AS, address_space }, { RLIMIT_NOFILE, CONFINE_DESCRIPTORS },
		{ RLIMIT_FSIZE, 0 },          { RLIMIT_CORE, 0 },
		{ RLIMIT_NPROC, 0 },          { RLIMIT_MEMLOCK, 0 },
		{ RLIMIT_MSGQUEUE, 0 },       { RLIMIT_CPU, CONFINE_CPU_SECONDS },
	};
	int first = 0;

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		int rc;

#ifdef ASSAY_SANITIZED /* shadow memory needs terabytes of address space */
		if (limits[i].what == RLIMIT_AS)
			continue;
#endif
		rc = lower(limits[i].what, limits[i].limit);
		if (first == 0)
			first = rc;
	}
	return first;
}
