/* hooks.c - one function per way to go wrong */
#include "hooks.h"

#ifdef ASSAY_TEST_HOOKS

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "channel.h"
#include "frame.h"

/** Above a worker's address space; reached only where sanitizers need it unlimited. */
#define EAT_AT_MOST (2048 * MiB)
#define EAT_STEP (16 * MiB)

static enum hook_result crash(int sock)
{
	(void)sock;
	raise(SIGSEGV); /* not a wild store: sanitizers would call that a bug */
	return HOOK_NONE;
}

static enum hook_result hang(int sock)
{
	(void)sock;
	for (volatile bool turning = true; turning;)
		continue;
	return HOOK_NONE;
}

/* Address space is what is limited: touching it all would take a deadline's time. */
static enum hook_result eat_memory(int sock)
{
	void *chain = NULL;

	(void)sock;
	for (size_t eaten = 0; eaten < EAT_AT_MOST; eaten += EAT_STEP) {
		void **piece = malloc(EAT_STEP);

		if (!piece)
			break;
		*piece = chain;
		chain = piece;
	}
	while (chain) {
		void *next = *(void **)chain;

		free(chain);
		chain = next;
	}
	return HOOK_OUT_OF_MEMORY;
}

static enum hook_result exec_memory(int sock)
{
	(void)sock;
	if (mmap(NULL, 4 * KiB, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		 0) != MAP_FAILED)
		_exit(HOOKS_NOT_REFUSED);
	return HOOK_NONE;
}

static enum hook_result forbidden_call(int sock)
{
	(void)sock;
	syscall(SYS_execve, "/bin/sh", NULL, NULL);
	return HOOK_NONE;
}

static enum hook_result open_file(int sock)
{
	(void)sock;
	if (open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0)
		_exit(HOOKS_NOT_REFUSED);
	return HOOK_NONE;
}

static enum hook_result connect_out(int sock)
{
	(void)sock;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0)
		_exit(HOOKS_NOT_REFUSED);
	return HOOK_NONE;
}

static enum hook_result fork_child(int sock)
{
	pid_t pid = fork();

	(void)sock;
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		_exit(HOOKS_NOT_REFUSED);
	return HOOK_NONE;
}

/** A frame that promises more than it brings. */
static enum hook_result lie(int sock)
{
	struct frame_head head = { .type = FRAME_DONE, .length = 1000 };

	if (channel_send(sock, &head, sizeof(head), NULL, 0, 0) < 0)
		_exit(1);
	return HOOK_NONE;
}

static const struct {
	const char *marker;
	enum hook_result (*obey)(int sock);
} hooks[] = {
	{ "!CRASH", crash },
	{ "!HANG", hang },
	{ "!EAT-MEMORY", eat_memory },
	{ "!EXEC-MEMORY", exec_memory },
	{ "!FORBIDDEN-CALL", forbidden_call },
	{ "!OPEN-FILE", open_file },
	{ "!CONNECT", connect_out },
	{ "!FORK", fork_child },
	{ "!LIE", lie },
};

enum hook_result hooks_obey(int fd, int sock)
{
	char head[32];
	ssize_t got = pread(fd, head, sizeof(head), 0);

	if (got <= 0 || head[0] != '!')
		return HOOK_NONE;
	for (size_t i = 0; i < ARRAY_SIZE(hooks); i++) {
		size_t marker = strlen(hooks[i].marker);

		if ((size_t)got >= marker && memcmp(head, hooks[i].marker, marker) == 0)
			return hooks[i].obey(sock);
	}
	return HOOK_NONE;
}

#endif
