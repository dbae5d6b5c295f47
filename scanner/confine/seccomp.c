/*
 * seccomp.c - an allow-list of system calls
 *
 * libseccomp builds the program once, before any worker exists; a worker only writes its
 * own pid into it and hands it to the kernel.  No call may make memory executable, none
 * opens a path, and signals go to the caller alone.
 */
#include "mechanism.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/** Stands in the program where the worker's pid goes: above any pid there is. */
#define PID_PLACEHOLDER 0x5EA1C0DEu

static const int allowed[] = {
#ifdef ASSAY_SANITIZED
	/* What the sanitizers' run-time adds, most of it to print a report. */
	SCMP_SYS(write),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(sched_yield),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(prctl),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(prlimit64),
#endif
	/* the work itself; read for input that has no offset */
	SCMP_SYS(recvmsg),
	SCMP_SYS(sendmsg),
	SCMP_SYS(pread64),
	SCMP_SYS(read),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(fadvise64),
	/* malloc */
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(getrandom),
	SCMP_SYS(futex),
	/* the end, and abort() on the way there */
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	/* without a vDSO */
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
};

/* What libraries probe and live without: an error, not death. */
static const int refused[] = {
	SCMP_SYS(openat),     SCMP_SYS(open),      SCMP_SYS(openat2),    SCMP_SYS(creat),
	SCMP_SYS(stat),       SCMP_SYS(lstat),     SCMP_SYS(statx),      SCMP_SYS(statfs),
	SCMP_SYS(access),     SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
	SCMP_SYS(readlinkat), SCMP_SYS(getcwd),    SCMP_SYS(socket),     SCMP_SYS(ioctl),
	SCMP_SYS(uname),      SCMP_SYS(sysinfo),   SCMP_SYS(getdents64),
};

/** Calls allowed by one argument. */
static const struct {
	int call;
	struct scmp_arg_cmp when;
} conditional[] = {
	{ SCMP_SYS(mmap), { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 } },
	{ SCMP_SYS(mprotect), { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 } },
	{ SCMP_SYS(tgkill), { 0, SCMP_CMP_EQ, PID_PLACEHOLDER, 0 } },
	/* What fstat(3) of glibc is.  The rule that refuses the rest must be conditional
	 * as well: an unconditional one would win over this one without a word. */
	{ SCMP_SYS(newfstatat), { 3, SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH } },
	/* Where a sparse file has data; moving about by it is refused, like above. */
	{ SCMP_SYS(lseek), { 2, SCMP_CMP_EQ, SEEK_DATA, 0 } },
	{ SCMP_SYS(lseek), { 2, SCMP_CMP_EQ, SEEK_HOLE, 0 } },
};

static int add_rules(scmp_filter_ctx ctx)
{
	int rc = 0;

	for (size_t i = 0; i < ARRAY_SIZE(allowed) && rc >= 0; i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; i < ARRAY_SIZE(refused) && rc >= 0; i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
	for (size_t i = 0; i < ARRAY_SIZE(conditional) && rc >= 0; i++)
		rc = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, conditional[i].call, 1,
					    &conditional[i].when);
	if (rc >= 0)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(newfstatat), 1,
				      SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0));
	if (rc >= 0)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(lseek), 1,
				      SCMP_A2(SCMP_CMP_LE, SEEK_END));
	return rc;
}

/** Copy the program libseccomp wrote to a memfd into the plan. */
static int take_program(struct confine_plan *plan, int fd)
{
	struct stat st;
	size_t len;

	if (fstat(fd, &st) < 0)
		return -errno;
	len = (size_t)st.st_size / sizeof(struct sock_filter);
	if (len == 0 || len > BPF_MAXINSNS)
		return -EOVERFLOW;
	plan->filter = malloc(len * sizeof(struct sock_filter));
	if (!plan->filter)
		return -ENOMEM;
	if (pread(fd, plan->filter, len * sizeof(struct sock_filter), 0) != st.st_size) {
		confine_plan_done(plan);
		return -EIO;
	}
	plan->filter_len = (unsigned short)len;
	return 0;
}

static int export_program(struct confine_plan *plan, scmp_filter_ctx ctx)
{
	CLEANUP(fd_closep) int fd = memfd_create("filter", MFD_CLOEXEC);
	int rc;

	if (fd < 0)
		return -errno;
	rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (rc >= 0) /* a binary tree over the call numbers */
		rc = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (rc >= 0)
		rc = add_rules(ctx);
	if (rc >= 0)
		rc = seccomp_export_bpf(ctx, fd);
	return rc < 0 ? rc : take_program(plan, fd);
}

int confine_seccomp_build(struct confine_plan *plan)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc;

	if (!ctx)
		return -ENOMEM;
	rc = export_program(plan, ctx);
	seccomp_release(ctx);
	return rc;
}

/** Write `pid` where the placeholder stands.  @return  places found */
static unsigned name_pid(struct sock_filter *program, size_t len, uint32_t pid)
{
	unsigned found = 0;

	for (size_t i = 0; i < len; i++) {
		if (BPF_CLASS(program[i].code) != BPF_JMP || program[i].k != PID_PLACEHOLDER)
			continue;
		program[i].k = pid;
		found++;
	}
	return found;
}

int confine_seccomp_enter(const struct confine_plan *plan)
{
	size_t bytes = plan->filter_len * sizeof(struct sock_filter);
	CLEANUP(mem_freep) struct sock_filter *own = plan->filter ? malloc(bytes) : NULL;
	struct sock_fprog program = { .len = plan->filter_len, .filter = own };

	if (!own)
		return plan->filter ? -ENOMEM : -ENOSYS;
	memcpy(own, plan->filter, bytes);
	if (name_pid(own, plan->filter_len, (uint32_t)getpid()) != 1)
		return -EINVAL;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 ? -errno : 0;
}
