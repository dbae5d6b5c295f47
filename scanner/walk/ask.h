/**
 * ask.h - calls that may never come back, made by a thread that can be left behind
 *
 * For the few questions that the coordinator itself has about files on a network: it waits
 * for the answer, but not for ever.  After the first one that fails to come nothing more is
 * asked about that file system.
 */
#ifndef ASK_H
#define ASK_H

#include <pthread.h>
#include <sys/types.h>

#include "base.h"

typedef void ask_fn(void *ctx);

struct asker {
	struct ask_thread *thread; /**< at rest; NULL: none yet */
	dev_t silent[16];          /**< file systems that did not answer */
	size_t silent_len;
};

/**
 * Run `fn` in a thread, and wait for it.
 *
 * @param dev   of the file system in question; 0: of none in particular
 * @param ctx   from malloc(); the caller's again if true is returned, else the thread's,
 *              which may go on writing to it
 * @return      false: no answer in time, or none was asked for
 */
MUST_USE bool ask(struct asker *a, dev_t dev, ask_fn *fn, void *ctx, uint64_t timeout_ms);

void asker_done(struct asker *a);

/** Start a thread that gets no signals and need not be waited for. */
MUST_USE bool thread_start(void *(*run)(void *), void *ctx);

/** A condition variable whose timed waits go by clock_ns(). */
void cond_init(pthread_cond_t *cond);
/** @return  false: it was not signalled until `until_ns` */
bool cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, uint64_t until_ns);

#endif
