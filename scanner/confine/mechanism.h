/**
 * mechanism.h - what confine.c puts in order; one mechanism a file
 *
 * Each returns 0 or a negative errno, and leaves no half-made state that matters:
 * what was taken away stays away.
 */
#ifndef MECHANISM_H
#define MECHANISM_H

#include "confine.h"

/**
 * CPU time after which the kernel ends a worker, seconds.  A backstop: the pool
 * replaces workers long before.
 */
#define CONFINE_CPU_SECONDS ((uint64_t)6 * 3600)

/** Descriptors: null on 0-2, the socket, one batch of files, and some to spare. */
#define CONFINE_DESCRIPTORS 64

/** The filter, made once before workers are; the plan owns it. */
MUST_USE int confine_seccomp_build(struct confine_plan *plan);
MUST_USE int confine_seccomp_enter(const struct confine_plan *plan);
MUST_USE int confine_landlock_enter(void);
MUST_USE int confine_rlimits_enter(uint64_t address_space);
MUST_USE int confine_namespaces_enter(void);
MUST_USE int confine_capabilities_drop(void);

#endif
