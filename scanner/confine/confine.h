/**
 * confine.h - taking everything away from a worker but its socket and its files
 *
 * In steps, because most of the cost can be paid once: confine_prepare() in the zygote (the
 * compiled filter), confine_separate() there as well once it needs no files any more,
 * confine_enter() in every worker.  Levels are bits, so the log can say what was reached.
 */
#ifndef CONFINE_H
#define CONFINE_H

#include "base.h"

enum confine_level {
	CONFINE_NO_NEW_PRIVS = 1 << 0,
	CONFINE_RLIMITS = 1 << 1,
	CONFINE_SECCOMP = 1 << 2,
	CONFINE_LANDLOCK = 1 << 3,
	CONFINE_NAMESPACES = 1 << 4,
	CONFINE_CAPABILITIES = 1 << 5, /**< every capability dropped */
};

#define CONFINE_REQUIRED (CONFINE_NO_NEW_PRIVS | CONFINE_RLIMITS | CONFINE_SECCOMP)

enum confine_mode {
	CONFINE_MODE_REQUIRE, /**< a required level that fails ends the worker */
	CONFINE_MODE_BEST,    /**< go on with what was reached, and say so */
	CONFINE_MODE_OFF,
};

/** What workers will put on.  Made once; shared by fork. */
struct confine_plan {
	enum confine_mode mode;
	uint64_t address_space;     /**< bytes a worker may map */
	unsigned prepared;          /**< levels every child has from the start */
	struct sock_filter *filter; /**< BPF program; owned */
	unsigned short filter_len;  /**< instructions */
};

/**
 * Build the filter.
 *
 * @param plan  mode and address_space are set
 */
MUST_USE enum assay_status confine_prepare(struct confine_plan *plan, struct assay_error *err);

/**
 * Move this process, and so its children, to empty namespaces when the kernel allows it:
 * nothing can be opened by a path any more.  It clears what PR_SET_PDEATHSIG set.  Call it
 * single-threaded.
 */
void confine_separate(struct confine_plan *plan);
void confine_plan_done(struct confine_plan *plan);

/**
 * Put the plan on, with namespaces of its own if confine_separate() was not called; there is
 * no way back.
 *
 * @param parent      pid that must be this process's parent: it dies with it
 * @param ret_levels  levels reached
 */
MUST_USE enum assay_status confine_enter(const struct confine_plan *plan, pid_t parent,
					 unsigned *ret_levels, struct assay_error *err);

/** Space-separated names of the levels in `levels`, in a static buffer. */
const char *confine_names(unsigned levels);

#endif
