/**
 * worker.h - the locked-down side
 *
 * A worker receives batches of descriptors, has the engine scan them and sends objects
 * back.  It opens nothing and writes nothing.
 */
#ifndef WORKER_H
#define WORKER_H

#include "progress.h"
#include "work.h"
#include "zygote.h"

/** What a worker finds in memory when it is forked; read-only for it. */
struct worker_context {
	const struct work_config *config;
	struct progress *progress; /**< first page of all workers */
	unsigned slots_len;        /**< and how many there are */
	pid_t coordinator;
	/* Filled by worker_prepare(): */
	assay_scanner *scanner; /**< copy on write */
	struct confine_plan plan;
	/* By worker_warm(): */
	bool has_libraries; /**< of workers forked since */
};

/** prepare_fn of the zygote: pay once what all workers need. */
MUST_USE enum assay_status worker_prepare(void *ctx, struct assay_error *err);

/** warm_fn of the zygote: readers' libraries, then no more files, and patterns to machine code. */
MUST_USE enum assay_status worker_warm(void *ctx, enum zygote_pace pace, struct assay_error *err);

/** worker_fn of the zygote. */
void worker_run(void *ctx, unsigned slot, int sock) __attribute__((noreturn));

#endif
