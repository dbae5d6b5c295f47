/* test_confine.c - what a confined process reaches, is refused and dies of */
#include "unit.h"

#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* What a deed returns when it was not refused: seen as the exit status. */
#define DONE_IT 77

static int file = -1;    /* an open regular file */
static unsigned reached; /* levels, in the child */

static int refused(long rc)
{
	if (rc >= 0)
		return DONE_IT;
	return errno == EACCES ? 0 : errno;
}

static int open_file(void)
{
	return refused(open("/etc/passwd", O_RDONLY));
}

static int open_old(void)
{
	return refused(syscall(SYS_open, "/etc/passwd", O_RDONLY));
}

static int stat_path(void)
{
	struct stat st;

	return refused(stat("/etc/passwd", &st));
}

static int make_socket(void)
{
	return refused(socket(AF_INET, SOCK_STREAM, 0));
}

static int control_device(void)
{
	return refused(syscall(SYS_ioctl, file, 0x5401, 0));
}

/* A path passed where only a descriptor should be: no filter sees it, but nothing is there. */
static int stat_smuggled(void)
{
	struct stat st;

	if (!(reached & CONFINE_NAMESPACES))
		return 0;
	return syscall(SYS_newfstatat, AT_FDCWD, "/etc/passwd", &st, AT_EMPTY_PATH) == 0 ? DONE_IT
											 : 0;
}

static int run_program(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return DONE_IT;
}

static int fork_child(void)
{
	if (fork() == 0)
		_exit(0);
	return DONE_IT;
}

static int map_executable(void)
{
	mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return DONE_IT;
}

static int make_executable(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(p, 4096, PROT_READ | PROT_EXEC);
	return DONE_IT;
}

static int signal_parent(void)
{
	syscall(SYS_tgkill, getppid(), getppid(), 0);
	return DONE_IT;
}

static int kill_parent(void)
{
	kill(getppid(), 0);
	return DONE_IT;
}

static int make_memfd(void)
{
	memfd_create("x", 0);
	return DONE_IT;
}

static int trace(void)
{
	syscall(SYS_ptrace, 0, 0, 0, 0);
	return DONE_IT;
}

static int call_x32(void)
{
	syscall(0x40000000 | SYS_getpid);
	return DONE_IT;
}

static int write_file(void)
{
	syscall(SYS_pwrite64, file, "x", 1, 0);
	return DONE_IT;
}

static int set_user(void)
{
	syscall(SYS_setuid, 0);
	return DONE_IT;
}

/* What must go on working. */
static int read_file(void)
{
	char byte;
	struct stat st;

	if (pread(file, &byte, 1, 0) != 1)
		return 1;
	return fstat(file, &st) == 0 && S_ISREG(st.st_mode) ? 0 : 2;
}

static int use_memory(void)
{
	for (size_t n = 16; n <= 16 * MiB; n *= 4) {
		char *p = malloc(n);

		if (!p)
			return 1;
		memset(p, 1, n);
		free(p);
	}
	return 0;
}

static int fill_memory(void)
{
#ifdef ASSAY_SANITIZED
	return 0;
#else
	size_t got = 0;

	while (got < 1024 * MiB && malloc(16 * MiB))
		got += 16 * MiB;
	return got < 512 * MiB && got >= 64 * MiB ? 0 : DONE_IT;
#endif
}

static int do_abort(void)
{
	abort();
}

static const struct {
	const char *what;
	int (*deed)(void);
	int exit;   /**< ... or */
	int signal; /**< expected; 0: it exits */
} deeds[] = {
	{ "open", open_file, 0, 0 },
	{ "the open of old", open_old, 0, 0 },
	{ "stat", stat_path, 0, 0 },
	{ "socket", make_socket, 0, 0 },
	{ "ioctl", control_device, 0, 0 },
	{ "a path for newfstatat", stat_smuggled, 0, 0 },
	{ "exec", run_program, 0, SIGSYS },
	{ "fork", fork_child, 0, SIGSYS },
	{ "map executable", map_executable, 0, SIGSYS },
	{ "make executable", make_executable, 0, SIGSYS },
	{ "signal the parent", signal_parent, 0, SIGSYS },
	{ "kill the parent", kill_parent, 0, SIGSYS },
	{ "memfd", make_memfd, 0, SIGSYS },
	{ "ptrace", trace, 0, SIGSYS },
	{ "x32 calls", call_x32, 0, SIGSYS },
	{ "write", write_file, 0, SIGSYS },
	{ "setuid", set_user, 0, SIGSYS },
	{ "abort is still a SIGABRT", do_abort, 0, SIGABRT },
	{ "pread and fstat", read_file, 0, 0 },
	{ "malloc", use_memory, 0, 0 },
	{ "the end of memory", fill_memory, 0, 0 },
};

static struct confine_plan plan_of(enum confine_mode mode)
{
	return (struct confine_plan){ .mode = mode, .address_space = 512 * MiB };
}

static bool separate; /* before it enters: else that is part of entering */

/* A child that prepares (as the zygote does), enters, does the deed; its wait status. */
static int in_child(enum confine_mode mode, int (*deed)(void))
{
	pid_t parent = getpid(), pid;
	int status;

	pid = fork();
	if (pid == 0) {
		struct confine_plan plan = plan_of(mode);

		if (confine_prepare(&plan, NULL) < 0)
			_exit(99);
		if (separate)
			confine_separate(&plan);
		if (confine_enter(&plan, parent, &reached, NULL) < 0)
			_exit(99);
		_exit(deed ? deed() : (int)reached);
	}
	ck_assert(pid > 0);
	ck_assert(waitpid(pid, &status, 0) == pid);
	return status;
}

static void open_any_file(void)
{
	file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	ck_assert(file >= 0);
}

START_TEST(refuses)
{
	int status = in_child(CONFINE_MODE_REQUIRE, deeds[_i].deed);

	if (deeds[_i].signal)
		ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == deeds[_i].signal,
			      "%s: status %#x", deeds[_i].what, status);
	else
		ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == deeds[_i].exit,
			      "%s: status %#x", deeds[_i].what, status);
}
END_TEST

START_TEST(reaches_what_is_required)
{
	unsigned levels, first;
	int status = in_child(CONFINE_MODE_REQUIRE, NULL);

	first = (unsigned)WEXITSTATUS(status);
	separate = true;
	status = in_child(CONFINE_MODE_REQUIRE, NULL);
	levels = (unsigned)WEXITSTATUS(status);
	ck_assert(WIFEXITED(status));
	ck_assert_uint_eq(levels, first);
	ck_assert_uint_eq(levels & CONFINE_REQUIRED, CONFINE_REQUIRED);
	ck_assert(levels & CONFINE_CAPABILITIES);
}
END_TEST

START_TEST(off_takes_nothing_away)
{
	int status = in_child(CONFINE_MODE_OFF, NULL);

	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	status = in_child(CONFINE_MODE_OFF, open_file);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == DONE_IT);
}
END_TEST

/* A filter that cannot be put on: an error if it is required, else a missing bit. */
START_TEST(a_missing_level_counts)
{
	static const enum confine_mode modes[] = { CONFINE_MODE_REQUIRE, CONFINE_MODE_BEST };
	pid_t parent = getpid(), pid = fork();
	int status;

	if (pid == 0) {
		struct confine_plan plan = plan_of(modes[_i]); /* not prepared: no filter */
		struct assay_error err = { 0 };
		unsigned levels = 0;
		enum assay_status st = confine_enter(&plan, parent, &levels, &err);

		if (modes[_i] == CONFINE_MODE_REQUIRE)
			_exit(st == ASSAY_FATAL && err.reason == ASSAY_NOT_SANDBOXED ? 0 : 1);
		_exit(st == ASSAY_OK && (levels & CONFINE_NO_NEW_PRIVS) &&
			      !(levels & CONFINE_SECCOMP)
			  ? 0
			  : 1);
	}
	ck_assert(waitpid(pid, &status, 0) == pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

START_TEST(an_orphan_is_not_confined)
{
	struct confine_plan plan = plan_of(CONFINE_MODE_OFF);
	struct assay_error err = { 0 };
	unsigned levels;

	ck_assert_int_eq(confine_enter(&plan, getpid(), &levels, &err), ASSAY_FATAL);
	ck_assert_int_eq(err.reason, ASSAY_NOT_SANDBOXED);
}
END_TEST

START_TEST(names_levels)
{
	ck_assert_str_eq(confine_names(0), "");
	ck_assert_str_eq(confine_names(CONFINE_REQUIRED), "no_new_privs rlimits seccomp");
	ck_assert_str_eq(confine_names(CONFINE_REQUIRED | CONFINE_LANDLOCK | CONFINE_NAMESPACES |
				       CONFINE_CAPABILITIES),
			 "namespaces no_new_privs capabilities landlock rlimits seccomp");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("confine");
	TCase *tc = tcase_create("confine");

	tcase_add_checked_fixture(tc, open_any_file, NULL);
	tcase_add_loop_test(tc, refuses, 0, ARRAY_SIZE(deeds));
	tcase_add_test(tc, reaches_what_is_required);
	tcase_add_test(tc, off_takes_nothing_away);
	tcase_add_loop_test(tc, a_missing_level_counts, 0, 2);
	tcase_add_test(tc, an_orphan_is_not_confined);
	tcase_add_test(tc, names_levels);
	suite_add_tcase(s, tc);
	return s;
}
