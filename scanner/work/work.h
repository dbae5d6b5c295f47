/**
 * work.h - units of work over workers that may die at any time
 *
 * The coordinator's side.  Every unit taken from the source is answered exactly
 * once, whatever becomes of the workers: one that dies or hangs costs the one unit it
 * was on, and its other units go out again, each alone.
 */
#ifndef WORK_H
#define WORK_H

#include <assay/scan.h>

#include "confine.h"
#include "engine.h"

/** Longest file name sent along, bytes; longer ones are cut. */
#define WORK_NAME_MAX ((size_t)255)

/** A file, or a range of one.  The caller keeps `fd` open until unit_done. */
struct work_unit {
	void *item; /**< the caller's; handed back */
	int fd;
	uint64_t size, data_bytes;
	char name[WORK_NAME_MAX];
	uint8_t name_len;
	bool may_split;
	uint64_t begin, end; /**< of a range; end 0: the whole file */
	const uint8_t *blob; /**< of a range: borrowed until unit_done */
	size_t blob_len;
	unsigned attempts; /**< workers lost with it; the pool's */
};

/** What became of a unit. */
struct work_result {
	enum assay_reason lost; /**< ASSAY_REASON_NONE: it was done; else no object came */
	int signal;             /**< that ended the worker, or 0 */
	const char *detail;     /**< for a gap; static or valid during the call */
	bool split;             /**< send ranges with this blob (valid during the call) */
	const uint8_t *blob;
	size_t blob_len;
	uint64_t lines;
	uint64_t bytes;
};

/** Distinct-value hashes that come with a range's finding. */
struct work_hashes {
	const uint8_t (*hashes)[ASSAY_FP_BYTES];
	size_t len;
};

struct work_source {
	void *ctx;
	int fd; /**< readable when it may have something after it said 2; or -1 */
	/** @return  1 a unit, 0 nothing more, -1 the scan cannot go on (err), 2 not now:
	 *  ask again after the next unit_done, or soon */
	int (*next)(void *ctx, struct work_unit *ret_unit, struct assay_error *err);
};

struct work_sink {
	void *ctx;
	/** An object of a unit; only called for units that were done, before unit_done.
	 * `hashes` has findings_len entries for a range, else it is NULL. */
	enum assay_status (*object)(void *ctx, const struct work_unit *unit,
				    const struct assay_object *object,
				    const struct work_hashes *hashes, struct assay_error *err);
	enum assay_status (*unit_done)(void *ctx, const struct work_unit *unit,
				       const struct work_result *result, struct assay_error *err);
	/** Called at least every 50 ms.  @return  false: take no new units, finish, end */
	bool (*tick)(void *ctx);
};

/** Enough for a light worker, beside its members. */
#define WORK_MEMORY_BYTES (256 * MiB)

struct work_config {
	unsigned workers;
	enum confine_mode sandbox;
	uint64_t memory_bytes, member_bytes;         /**< their sum is a worker's address space */
	uint64_t cpu_ms, cpu_ms_per_mib, cpu_ms_max; /**< deadline: CPU time of a unit */
	uint64_t stall_ms; /**< separate limit on time without CPU progress */
	/** A scan that runs this long keeps a spare: short ones end before it would be ready.
	 * 0: never. */
	uint64_t spare_after_ms;
	unsigned recycle_after;     /**< units that reached a third-party parser; 0: never */
	uint64_t recycle_growth;    /**< bytes of private memory; 0: never */
	const assay_ruleset *rules; /**< borrowed, compiled */
	struct assay_scan_options scan;
	enum match_isa isa;
};

struct work_stats {
	unsigned started, died, timed_out, recycled;
	unsigned units_retried;
	unsigned confinement; /**< levels every worker so far has reached */
	uint64_t worker_cpu_ms;
	char isa[16]; /**< shape stage in use, as the first worker says */
};

/** The zygote and the workers' shared pages.  Opaque. */
struct work;

/** Fork the zygote: call it while this process has one thread and little memory. */
MUST_USE enum assay_status work_new(const struct work_config *config, struct work **ret_work,
				    struct assay_error *err);

/**
 * Start the first worker and do not wait for it; optional, before work_probe().
 *
 * @param at_once  the work is believed to be small: better a worker that interprets its
 *                 patterns than one that is there some milliseconds later.  If a unit takes
 *                 it long, or wants a library that was not opened, it is replaced
 */
MUST_USE enum assay_status work_start(struct work *w, bool at_once, struct assay_error *err);

/**
 * Start one worker and wait until it is locked down and has passed its self-test, so
 * that levels and isa are known before the scan; an error here ends the run.
 */
MUST_USE enum assay_status work_probe(struct work *w, struct assay_error *err);

/**
 * Run until the source is dry and every unit is answered.
 *
 * @return  ASSAY_OK, or ASSAY_FATAL: some units taken from the source have no answer
 */
MUST_USE enum assay_status work_run(struct work *w, const struct work_source *source,
				    const struct work_sink *sink, struct assay_error *err);
const struct work_stats *work_stats(const struct work *w);
void work_free(struct work *w);

#endif
