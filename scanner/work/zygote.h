/**
 * zygote.h - a small process that only forks
 *
 * Forked from the coordinator while that is still small and single-threaded, with
 * everything a worker needs already in memory.  Its children are made with CLONE_PARENT,
 * so they are the coordinator's: it polls their pidfds and reads their exit status itself.
 */
#ifndef ZYGOTE_H
#define ZYGOTE_H

#include "fail.h"

/** Where zygote and workers keep their socket. */
#define CHILD_SOCK 3

/** What the zygote does once, before its first child. */
typedef enum assay_status prepare_fn(void *ctx, struct assay_error *err);

/** How much is made ready for a worker before it is forked: the more, the later it is there. */
enum zygote_pace {
	PACE_AT_ONCE,   /**< nothing */
	PACE_LIBRARIES, /**< what readers open */
	PACE_FULL,      /**< and all that makes it fast */
};

/** What it does before a child above PACE_AT_ONCE; again for each, and for all that follow. */
typedef enum assay_status warm_fn(void *ctx, enum zygote_pace pace, struct assay_error *err);

/** What a worker runs; must not return.  `sock` is not at CHILD_SOCK yet. */
typedef void worker_fn(void *ctx, unsigned slot, int sock);

struct zygote {
	int sock;      /**< owned; closing it ends the zygote */
	int pidfd;     /**< owned; readable when it has ended */
	pid_t pid;     /**< 0: none */
	bool prepared; /**< it has said so */
};

#define ZYGOTE_INIT \
	{ \
		.sock = -1, .pidfd = -1 \
	}

/** What zygote and workers do.  `ctx` is used in the children only. */
struct zygote_duties {
	prepare_fn *prepare;
	warm_fn *warm;
	worker_fn *run;
	void *ctx;
};

/** Fork the zygote. */
MUST_USE enum assay_status zygote_start(struct zygote *z, const struct zygote_duties *duties,
					struct assay_error *err);

struct zygote_child {
	int sock;  /**< the coordinator's end of the worker's socket; the caller's */
	int pidfd; /**< readable when the worker has ended; the caller's */
	pid_t pid;
};

/**
 * Fork one worker.  Waits for the zygote's answer, some 0.1 ms, and for its warm_fn when
 * that is due; ASSAY_FATAL or OK.
 */
MUST_USE enum assay_status zygote_spawn(struct zygote *z, unsigned slot, enum zygote_pace pace,
					struct zygote_child *ret_child, struct assay_error *err);

/** Its pidfd says that it has ended: ASSAY_FATAL, with the reason if it gave one. */
enum assay_status zygote_ended(struct zygote *z, struct assay_error *err);

/** End the zygote and do not wait: others can end meanwhile. */
void zygote_kill(const struct zygote *z);

/** End the zygote and reap it; workers are not touched. */
void zygote_stop(struct zygote *z);

#endif
