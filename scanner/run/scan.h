/**
 * scan.h - the coordinator's order of things: walk, workers, log
 *
 * Every entry of the walk ends in the log's counters exactly once, whatever becomes
 * of the worker that had it.
 */
#ifndef SCAN_H
#define SCAN_H

#include <stdio.h>

#include "log.h"
#include "walk.h"
#include "work.h"

struct scan_config {
	struct walk *walk; /**< borrowed */
	struct work *work; /**< borrowed; probed */
	struct log *log;   /**< borrowed; log_begin() was called */
	FILE *progress;    /**< a terminal to show progress on, or NULL */
	const char *const *root_names;
	size_t roots_len;
	size_t rules_len; /**< of the rule set */
	size_t max_occurrences;
	bool retry_changed; /**< read files that changed a second time, at the end */
};

/** What the scan came to. */
struct scan_outcome {
	bool interrupted;
	uint64_t wall_ms;
	uint64_t bytes; /**< read by workers */
};

/**
 * Scan until the walk is over, or until scan_stop() was called.
 *
 * @return  ASSAY_OK; ASSAY_FATAL: the log is not complete (err says why)
 */
MUST_USE enum assay_status scan_run(const struct scan_config *config,
				    struct scan_outcome *ret_outcome, struct assay_error *err);

/** Finish what is in flight and end: safe in a signal handler. */
void scan_stop(void);

/** The exit status and what it means, from the log's counters. */
struct scan_exit {
	int status;
	const char *name; /**< run_end's status: complete, incomplete, interrupted */
	char sentence[160];
};

/** @param max_gaps  blocking gaps that are tolerated */
struct scan_exit scan_exit_status(const struct log_counters *c, bool interrupted,
				  uint64_t max_gaps);

#endif
