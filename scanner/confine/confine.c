/* confine.c - the order in which a worker is locked down */
#include "mechanism.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "fail.h"

enum assay_status confine_prepare(struct confine_plan *plan, struct assay_error *err)
{
	int rc;

	plan->prepared = 0;
	plan->filter = NULL;
	plan->filter_len = 0;
	if (plan->mode == CONFINE_MODE_OFF)
		return ASSAY_OK;
	rc = confine_seccomp_build(plan);
	if (rc < 0 && plan->mode == CONFINE_MODE_REQUIRE)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_NOT_SANDBOXED, -rc,
				      "the filter of system calls cannot be built");
	return ASSAY_OK;
}

void confine_separate(struct confine_plan *plan)
{
	/* Once instead of once per worker: making a network namespace and leaving a root
	 * are the dearest steps of all, and destroying them is work for the kernel later. */
	if (plan->mode != CONFINE_MODE_OFF && confine_namespaces_enter() == 0)
		plan->prepared |= CONFINE_NAMESPACES;
}

void confine_plan_done(struct confine_plan *plan)
{
	free(plan->filter);
	plan->filter = NULL;
	plan->filter_len = 0;
}

static int no_new_privs(const struct confine_plan *plan)
{
	(void)plan;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

static int capabilities(const struct confine_plan *plan)
{
	(void)plan;
	return confine_capabilities_drop();
}

static int landlock(const struct confine_plan *plan)
{
	(void)plan;
	return confine_landlock_enter();
}

static int rlimits(const struct confine_plan *plan)
{
	return confine_rlimits_enter(plan->address_space);
}

/** In the order of entering: the filter last, as it forbids all that comes before. */
static const struct {
	unsigned level;
	const char *name;
	int (*enter)(const struct confine_plan *plan); /**< NULL: comes before all */
} steps[] = {
	{ CONFINE_NAMESPACES, "namespaces", NULL },
	{ CONFINE_NO_NEW_PRIVS, "no_new_privs", no_new_privs },
	{ CONFINE_CAPABILITIES, "capabilities", capabilities },
	{ CONFINE_LANDLOCK, "landlock", landlock },
	{ CONFINE_RLIMITS, "rlimits", rlimits },
	{ CONFINE_SECCOMP, "seccomp", confine_seccomp_enter },
};

/** Die with the parent, and show nothing to a debugger of the same user. */
static int tie_to_parent(pid_t parent)
{
	/* After the namespaces: a change of credentials clears PDEATHSIG. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
		return -errno;
	/* A parent that died before the line above sends no signal. */
	return getppid() == parent ? 0 : -ESRCH;
}

enum assay_status confine_enter(const struct confine_plan *plan, pid_t parent, unsigned *ret_levels,
				struct assay_error *err)
{
	unsigned levels = plan->prepared;
	int rc;

	if (plan->mode != CONFINE_MODE_OFF && !(levels & CONFINE_NAMESPACES) &&
	    confine_namespaces_enter() == 0)
		levels |= CONFINE_NAMESPACES;
	rc = tie_to_parent(parent);
	if (rc < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_NOT_SANDBOXED, -rc,
				      "a worker cannot be tied to its parent");
	for (size_t i = 0; i < ARRAY_SIZE(steps) && plan->mode != CONFINE_MODE_OFF; i++) {
		if (!steps[i].enter)
			continue;
		rc = steps[i].enter(plan);
		if (rc == 0)
			levels |= steps[i].level;
		else if (plan->mode == CONFINE_MODE_REQUIRE && (steps[i].level & CONFINE_REQUIRED))
			return assay_fail_sys(err, ASSAY_FATAL, ASSAY_NOT_SANDBOXED, -rc,
					      "a worker cannot be confined by %s", steps[i].name);
	}
	*ret_levels = levels;
	return ASSAY_OK;
}

const char *confine_names(unsigned levels)
{
	static char text[128];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (levels & steps[i].level)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
						 used ? " " : "", steps[i].name);
	return text;
}
