/**
 * log.h - writing the run log, assay.run/1 (spec: operations 1.3)
 *
 * JSON Lines with keys in fixed order, integers only, at most 64 KiB a line; longer
 * lists go on in further lines (`part`).  A checkpoint every 1,000 events or 5 s, and
 * at the end, holds the SHA-256 of everything before it.  The counters are the log's
 * own: it counts what it writes and asserts the sums.
 */
#ifndef LOG_H
#define LOG_H

#include <assay/ruleset.h>
#include <assay/types.h>
#include <sys/stat.h>

#include "base.h"

struct log_root {
	const char *name;
	const char *path;
	const char *fs_type;
};

struct log_begin {
	const assay_ruleset *rules; /**< borrowed until the log is freed */
	const char *rules_name;     /**< builtin, or the files */
	const struct log_root *roots;
	size_t roots_len;
	const char *mask;    /**< shape partial full values */
	const char *sandbox; /**< levels reached */
	const char *isa;
	const char *engine; /**< staged, reference */
	unsigned workers;
	const struct assay_limits_pair {
		const char *name;
		uint64_t value;
	} * limits;
	size_t limits_len;
	const char *const *default_excludes; /**< globs; NULL ends them */
	const char *const *excludes;         /**< the user's, `!` takes in again */
	size_t excludes_len;
	uint8_t key_id[4];
};

/** Where an object comes from: what the coordinator knows of its file. */
struct log_file {
	unsigned root;
	const char *path;      /**< relative to the root, raw bytes */
	const struct stat *st; /**< NULL: not known */
};

struct log_options {
	uint8_t path_key[32]; /**< obj and finding_id */
	enum assay_confidence min_confidence;
	bool emit_all; /**< every object, not only notable ones */
};

/** Opaque. */
struct log;

/** @param fd  borrowed; written with write(2), in order */
MUST_USE enum assay_status log_new(int fd, const struct log_options *options, struct log **ret_log,
				   struct assay_error *err);
void log_free(struct log *log);

/** run_begin, before anything else; once. */
MUST_USE enum assay_status log_begin(struct log *log, const struct log_begin *begin,
				     struct assay_error *err);

/**
 * An object with its findings and gaps.  A top-level object (inner_len 0) counts as
 * enumerated with its coverage; members count as members.
 */
MUST_USE enum assay_status log_object(struct log *log, const struct log_file *file,
				      const struct assay_object *object, struct assay_error *err);
/** Something about the run as a whole.  @param text  for people; cut at 8 KiB */
MUST_USE enum assay_status log_notice(struct log *log, const char *level, const char *code,
				      const char *text, struct assay_error *err);

struct log_counters {
	uint64_t enumerated, complete, partial, nothing, excluded;
	uint64_t members;
	uint64_t findings; /**< finding events, first parts only */
	uint64_t tame;     /**< of them, markings of tier 0 and 1: no cause for exit 1 */
	uint64_t gaps, blocking_gaps;
	uint64_t objects_notable;
	uint64_t marked[ASSAY_TIERS];
	uint64_t bytes;
};

/** What was counted so far, whether it was written or not; the log's own. */
const struct log_counters *log_counters(const struct log *log);

struct log_end {
	const char *status; /**< complete incomplete interrupted failed */
	int exit;
	const char *sentence; /**< what the exit status means, for people */
	uint64_t wall_ms, cpu_ms;
};

/** Last checkpoint and run_end; asserts that the sums reconcile. */
MUST_USE enum assay_status log_end(struct log *log, const struct log_end *end,
				   struct assay_error *err);

#endif
