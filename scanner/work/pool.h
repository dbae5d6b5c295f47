/**
 * pool.h - the coordinator's event loop, and what it keeps
 *
 * work.c makes and frees this; pool.c runs it; deadline.c watches the clocks.
 */
#ifndef POOL_H
#define POOL_H

#include "slot.h"
#include "vec.h"
#include "worker.h"

/** Killed processes beside one a slot that need not have ended: dead storage holds them. */
#define DOOMED_SPARE 64

struct work {
	struct work_config config;
	struct worker_context context;
	struct zygote zygote;
	struct progress *progress; /**< owned */
	struct slot *slots;        /**< owned */
	unsigned slots_len;        /**< a spare more than config.workers, which may be busy */
	int epoll;
	struct work_stats stats;
	uint64_t cpu_ended_ns; /**< CPU time of workers that are gone */
	unsigned stillborn;    /**< workers that ended before READY, in a row */
	pid_t *doomed;         /**< killed, not ended yet; owned */
	unsigned doomed_len, doomed_max;
	struct delivery delivery;
	/* While it runs: */
	const struct work_source *source;
	struct work_unit pending[BATCH_MAX]; /**< taken from the source, not sent yet */
	unsigned pending_len;
	uint64_t pending_bytes;
	struct vec(struct work_unit) retries; /**< lost their worker; each goes alone */
	struct buf batch;                     /**< the message at hand */
	bool dry;                             /**< the source has ended */
	bool wants_libraries;                 /**< the next worker, which need not be fast */
	uint64_t began_at;
	uint64_t clock_at; /**< when the clocks were last looked at */
	uint64_t tick_at;  /**< when sink->tick was last called */
};

/** Start a worker in slot `s` and watch it. */
MUST_USE enum assay_status pool_start(struct work *w, struct slot *s, enum zygote_pace pace,
				      struct assay_error *err);

/** Wait for events, once, and act on them. */
MUST_USE enum assay_status pool_wait(struct work *w, int timeout_ms, struct assay_error *err);

/** Feed, wait, settle until the source is dry and every unit answered. */
MUST_USE enum assay_status pool_loop(struct work *w, struct assay_error *err);

/** End a worker that is not at fault; others do its units. */
MUST_USE enum assay_status pool_relieve(struct work *w, struct slot *s, struct assay_error *err);

/**
 * End a worker that is at fault, and settle its units at once: a process stuck in the
 * kernel may not end soon.
 *
 * @param on  index of the unit at fault; -1: not known
 */
MUST_USE enum assay_status pool_condemn(struct work *w, struct slot *s, int on,
					enum assay_reason why, const char *detail,
					struct assay_error *err);

/** Take what a worker has sent, as far as it has. */
MUST_USE enum assay_status pool_drain(struct work *w, struct slot *s, struct assay_error *err);

/** Look at every worker's clock; condemn those past a limit. */
MUST_USE enum assay_status deadline_check(struct work *w, struct assay_error *err);

/** How often it must be called, ms. */
int deadline_tick_ms(const struct work *w);

#endif
