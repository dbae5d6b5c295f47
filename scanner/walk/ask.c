/* ask.c - one thread, one question at a time */
#include "ask.h"

#include <signal.h>

enum ask_state { AT_REST, ASKED, ANSWERED };

/** Shared by asker and thread; freed by whoever is the last to know of it. */
struct ask_thread {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	enum ask_state state;
	bool left; /**< nobody waits any more: free it all and end */
	ask_fn *fn;
	void *ctx;
};

void cond_init(pthread_cond_t *cond)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attr);
	pthread_condattr_destroy(&attr);
}

bool cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, uint64_t until_ns)
{
	struct timespec until = { .tv_sec = (time_t)(until_ns / NS_PER_S),
				  .tv_nsec = (long)(until_ns % NS_PER_S) };

	return pthread_cond_timedwait(cond, lock, &until) == 0;
}

bool thread_start(void *(*run)(void *), void *ctx)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all, before;
	int rc;

	if (pthread_attr_init(&attr) != 0)
		return false;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	/* Signals are for the thread that waits for events. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&thread, &attr, run, ctx);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return rc == 0;
}

static void *answer(void *ctx)
{
	struct ask_thread *t = ctx;

	pthread_mutex_lock(&t->lock);
	for (;;) {
		while (t->state != ASKED && !t->left)
			pthread_cond_wait(&t->changed, &t->lock);
		if (t->state != ASKED)
			break;
		pthread_mutex_unlock(&t->lock);
		t->fn(t->ctx);
		pthread_mutex_lock(&t->lock);
		t->state = ANSWERED;
		if (t->left)
			free(t->ctx);
		pthread_cond_signal(&t->changed);
	}
	pthread_mutex_unlock(&t->lock);
	pthread_cond_destroy(&t->changed);
	pthread_mutex_destroy(&t->lock);
	free(t);
	return NULL;
}

static struct ask_thread *start(void)
{
	struct ask_thread *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	pthread_mutex_init(&t->lock, NULL);
	cond_init(&t->changed);
	if (!thread_start(answer, t)) {
		free(t);
		return NULL;
	}
	return t;
}

static bool is_silent(const struct asker *a, dev_t dev)
{
	for (size_t i = 0; i < a->silent_len; i++)
		if (dev && a->silent[i] == dev)
			return true;
	return false;
}

/** Let the thread end by itself, whenever it comes back. */
static void leave(struct ask_thread *t)
{
	t->left = true;
	pthread_cond_signal(&t->changed);
	pthread_mutex_unlock(&t->lock);
}

bool ask(struct asker *a, dev_t dev, ask_fn *fn, void *ctx, uint64_t timeout_ms)
{
	struct ask_thread *t = a->thread;
	uint64_t until = clock_ns() + timeout_ms * NS_PER_MS;
	bool in_time = true;

	if (!t && !is_silent(a, dev))
		t = a->thread = start();
	if (!t || is_silent(a, dev)) {
		free(ctx);
		return false;
	}
	pthread_mutex_lock(&t->lock);
	t->fn = fn;
	t->ctx = ctx;
	t->state = ASKED;
	pthread_cond_signal(&t->changed);
	while (t->state != ANSWERED && in_time)
		in_time = cond_wait_until(&t->changed, &t->lock, until);
	if (t->state == ANSWERED) {
		t->state = AT_REST;
		pthread_mutex_unlock(&t->lock);
		return true;
	}
	a->thread = NULL;
	if (a->silent_len < ARRAY_SIZE(a->silent))
		a->silent[a->silent_len++] = dev;
	leave(t);
	return false;
}

void asker_done(struct asker *a)
{
	if (!a->thread)
		return;
	pthread_mutex_lock(&a->thread->lock);
	leave(a->thread);
	a->thread = NULL;
}
