/**
 * progress.h - the `start unit` announcement
 *
 * One shared page per worker.  The worker stores the serial of a unit before it touches
 * it; the coordinator reads it when the worker dies, and on a clock, to tell a long unit
 * from a long batch.  A store costs nothing; a frame per unit would cost a system call
 * and a wake-up of the coordinator.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdatomic.h>

#include "base.h"

struct progress {
	_Atomic uint64_t started; /**< serial in progress; 0 before the first */
};

/**
 * Map pages for `count` workers.  Call it before the zygote is forked.
 *
 * @return  the first page, the others follow at progress_at(); NULL: no memory
 */
struct progress *progress_map(unsigned count);
struct progress *progress_at(struct progress *first, unsigned i);

/** In worker `keep`: give up the pages of all other workers. */
void progress_keep_one(struct progress *first, unsigned count, unsigned keep);

/** NULL is fine. */
void progress_unmap(struct progress *first, unsigned count);

#endif
