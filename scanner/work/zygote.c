/* zygote.c - both sides of the forking service */
#include "zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "channel.h"

/** No answer for so long, seconds: it will not come. */
#define ANSWER_SECONDS 60

/** First, when it has prepared, or could not. */
struct hello {
	int32_t status; /**< enum assay_status */
	struct assay_error err;
};

struct request {
	uint32_t slot;
	enum zygote_pace pace;
};

struct answer {
	int32_t error; /**< 0, and then a pidfd comes along, or an errno */
	int32_t pid;
	int32_t status; /**< of warming; if it failed, there is nothing but... */
	struct assay_error err;
};

/**
 * fork(), but the child is our parent's, and a pidfd comes back.
 *
 * Not through glibc: no atfork handlers run, so this process must have one thread and
 * hold no lock, which is the point of a zygote.  The exit signal of a CLONE_PARENT child
 * is its creator's; naming one here is an error.
 */
static pid_t fork_sibling(int *ret_pidfd)
{
	struct clone_args args = {
		.flags = CLONE_PARENT | CLONE_PIDFD,
		.pidfd = (uintptr_t)ret_pidfd,
	};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/** Again after what may have changed credentials, which clears it. */
static bool end_with_parent(void)
{
	return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

static void answer_request(const struct request *request, int worker_sock,
			   const struct zygote_duties *duties)
{
	CLEANUP(fd_closep) int pidfd = -1;
	struct answer answer = { .pid = -1 };

	answer.status = request->pace == PACE_AT_ONCE
			    ? ASSAY_OK
			    : duties->warm(duties->ctx, request->pace, &answer.err);
	if (!end_with_parent())
		_exit(1);
	if (answer.status == ASSAY_OK)
		answer.pid = fork_sibling(&pidfd);
	answer.error = answer.pid < 0 ? errno : 0;
	if (answer.pid == 0) {
		duties->run(duties->ctx, request->slot, worker_sock);
		_exit(1); /* not reached */
	}
	if (channel_send(CHILD_SOCK, &answer, sizeof(answer), &pidfd, answer.pid < 0 ? 0 : 1, 0) <
	    0)
		_exit(1);
}

/** Leave only null on 0-2 (standard error stays for sanitizers) and the socket. */
static int keep_descriptors(int sock)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int kept = null < 0 ? -1 : fcntl(sock, F_DUPFD_CLOEXEC, CHILD_SOCK + 1);

	if (kept < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		return -errno;
#ifndef ASSAY_SANITIZED
	if (dup2(null, STDERR_FILENO) < 0)
		return -errno;
#endif
	if (dup2(kept, CHILD_SOCK) < 0 || syscall(SYS_close_range, CHILD_SOCK + 1, ~0u, 0) < 0)
		return -errno;
	return 0;
}

/**
 * Signals are the coordinator's: what a terminal or a service manager sends to the whole
 * group must not take a worker from under a scan that is being ended in order.
 */
static void settle_signals(void)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE };
	sigset_t none;

	for (int i = 1; i < SIGRTMIN; i++)
		signal(i, SIG_DFL);
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/** Serve until the coordinator closes its end. */
static void __attribute__((noreturn)) serve(int sock, const struct zygote_duties *duties)
{
	struct hello hello = { 0 };

	settle_signals();
	if (keep_descriptors(sock) < 0)
		_exit(1);
	hello.status = duties->prepare(duties->ctx, &hello.err);
	if (!end_with_parent() || channel_send(CHILD_SOCK, &hello, sizeof(hello), NULL, 0, 0) < 0 ||
	    hello.status != ASSAY_OK)
		_exit(1);
	for (;;) {
		struct request request;
		int fds[CHANNEL_FDS_MAX];
		size_t fds_len = 0;
		ssize_t got = channel_recv(CHILD_SOCK, &request, sizeof(request), fds, &fds_len);

		if (got != sizeof(request) || fds_len != 1)
			_exit(got == 0 ? 0 : 1);
		answer_request(&request, fds[0], duties);
		close(fds[0]);
	}
}

enum assay_status zygote_start(struct zygote *z, const struct zygote_duties *duties,
			       struct assay_error *err)
{
	struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	int pair[2];
	int rc = channel_pair(pair);

	if (rc < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, -rc, "socketpair");
	z->pid = fork();
	if (z->pid == 0) {
		close(pair[0]);
		serve(pair[1], duties);
	}
	rc = errno;
	close(pair[1]);
	z->sock = pair[0];
	if (z->pid < 0) {
		z->pid = 0;
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, rc, "fork");
	}
	z->pidfd = (int)syscall(SYS_pidfd_open, z->pid, 0);
	if (z->pidfd < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, errno, "pidfd_open");
	if (setsockopt(z->sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, errno, "setsockopt");
	return ASSAY_OK;
}

static enum assay_status gone(struct assay_error *err, int rc)
{
	return assay_fail_sys(err, ASSAY_FATAL, ASSAY_ENGINE_UNAVAILABLE, rc < 0 ? -rc : EPIPE,
			      "the process that starts workers has ended or does not answer");
}

static enum assay_status await_hello(struct zygote *z, struct assay_error *err)
{
	struct hello hello;
	ssize_t got;

	if (z->prepared)
		return ASSAY_OK;
	got = channel_recv_plain(z->sock, &hello, sizeof(hello), 0);
	if (got != sizeof(hello))
		return gone(err, (int)MIN(got, 0));
	if (hello.status != ASSAY_OK) {
		if (err)
			*err = hello.err;
		return ASSAY_FATAL;
	}
	z->prepared = true;
	return ASSAY_OK;
}

enum assay_status zygote_ended(struct zygote *z, struct assay_error *err)
{
	enum assay_status st = await_hello(z, err);

	return st < 0 ? st : gone(err, 0);
}

static enum assay_status ask(struct zygote *z, const struct request *request, int worker_sock,
			     struct zygote_child *child, struct assay_error *err)
{
	struct answer answer = { 0 };
	int fds[CHANNEL_FDS_MAX];
	size_t fds_len = 0;
	ssize_t got;
	int rc = channel_send(z->sock, request, sizeof(*request), &worker_sock, 1, 0);

	if (rc < 0)
		return gone(err, rc);
	got = channel_recv(z->sock, &answer, sizeof(answer), fds, &fds_len);
	if (got != sizeof(answer))
		return gone(err, (int)MIN(got, 0));
	if (answer.status != ASSAY_OK) {
		if (err)
			*err = answer.err;
		return ASSAY_FATAL;
	}
	if (answer.error || fds_len != 1)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_ENGINE_UNAVAILABLE,
				      answer.error ? answer.error : EPROTO,
				      "a worker cannot be started");
	child->pidfd = fds[0];
	child->pid = answer.pid;
	return ASSAY_OK;
}

enum assay_status zygote_spawn(struct zygote *z, unsigned slot, enum zygote_pace pace,
			       struct zygote_child *ret_child, struct assay_error *err)
{
	const struct request request = { .slot = slot, .pace = pace };
	struct zygote_child child = { .sock = -1, .pidfd = -1 };
	enum assay_status st = await_hello(z, err);
	int pair[2], rc;

	if (st < 0)
		return st;
	rc = channel_pair(pair);
	if (rc < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, -rc, "socketpair");
	st = ask(z, &request, pair[1], &child, err);
	close(pair[1]);
	if (st < 0) {
		close(pair[0]);
		return st;
	}
	child.sock = pair[0];
	*ret_child = child;
	return ASSAY_OK;
}

void zygote_kill(const struct zygote *z)
{
	/* It may still be preparing; nothing it does is of use now. */
	if (z->pid > 0)
		kill(z->pid, SIGKILL);
}

void zygote_stop(struct zygote *z)
{
	fd_closep(&z->sock);
	zygote_kill(z);
	if (z->pid > 0)
		waitpid(z->pid, NULL, __WALL);
	fd_closep(&z->pidfd);
	z->pid = 0;
}
