/**
 * crew.h - the threads that walk, what they have to do, and what they have found
 *
 * A short queue of jobs feeds them (roots, names of a list, and what one walker hands to
 * others); what they find waits in a ring until it is taken.  Both are bounded: a walker
 * that finds the queue full walks on by itself, one that finds the ring full waits.
 *
 * A thread whose call hangs is replaced after a second; a file system that one hangs on
 * gets no others.  When nothing else is left to do and the deadline is over, it is left
 * behind, and what it was at becomes entries that say so.
 */
#ifndef CREW_H
#define CREW_H

#include "list.h"
#include "walker.h"

#define CREW_TAKE 64

/** What a stalled walker, or a queue nobody may serve, leaves unlisted. */
struct stalled {
	struct stalled *next;
	unsigned root;
	size_t base_len; /**< directories up to here are others' to speak of */
	bool told;       /**< an entry has been made of the name itself */
	char path[];
};

/** @param ground, list  from malloc(), the crew's if it is made */
MUST_USE enum assay_status crew_new(struct ground *ground, struct list *list, struct crew **ret,
				    struct assay_error *err);

/** Ends what threads can be ended; the others keep it, for they may come back to it. */
void crew_free(struct crew *c);

/**
 * Take what has been found.  Starts threads on first use, or walks by itself where nothing
 * can hang (walk_options.local).
 *
 * @return  how many; 0 with *ret_over: there will be no more; negative: memory, or the list
 */
int crew_take(struct crew *c, struct walk_entry ret[CREW_TAKE], bool *ret_over,
	      struct assay_error *err);

/** The next of those that were given up, or NULL; the caller frees it. */
struct stalled *crew_stalled(struct crew *c);

/** Readable when there is something to take; the crew's own. */
int crew_fd(const struct crew *c);
/** Weight of what is done and has no entry: empty directories. */
double crew_credit(struct crew *c);
/** Most descriptors that walkers and what waits may hold. */
size_t crew_descriptors(const struct crew *c);

#endif
