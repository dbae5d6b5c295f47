/**
 * arena.h - many small pieces of memory that end together
 */
#ifndef ARENA_H
#define ARENA_H

#include "base.h"

struct arena_block;

struct arena {
	struct arena_block *blocks; /**< newest first */
	size_t used, cap;           /**< of the newest */
};

/** @return  zeroed, aligned for anything, alive until arena_done(); or NULL */
MUST_USE void *arena_take(struct arena *a, size_t bytes);

/** A copy with a NUL behind it, or NULL. */
MUST_USE char *arena_copy(struct arena *a, const char *text, size_t len);

void arena_done(struct arena *a);

#endif
