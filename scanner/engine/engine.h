/**
 * engine.h - what happens inside a worker: an item in, objects out
 *
 * scan.h is the public face of this.  Beyond it the engine cuts large plain text
 * into ranges that several workers share.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include <assay/scan.h>

#include "match.h"
#include "score.h"

/** Deepest nesting a limit may allow. */
#define ASSAY_DEPTH_MAX 32u

/** Files of plain text from this size on are split... */
#define SPLIT_FROM_BYTES (16 * MiB)
/** ...into ranges of this many bytes. */
#define RANGE_BYTES (8 * MiB)
/** What a worker may say about a file it wants split; only workers read it. */
#define SPLIT_BLOB_MAX ((size_t)4096)

struct engine_job {
	int fd;              /**< borrowed */
	uint64_t size;       /**< by fstat, when it was opened */
	uint64_t data_bytes; /**< st_blocks * 512: less than size/2 means sparse */
	const char *name;    /**< last part of the path, or NULL */
	size_t name_len;
	bool may_split; /**< answer with a split rather than scan a large plain text */
	/** A range of a split file: blob_len > 0.  Bytes [begin, end) are owned. */
	uint64_t begin, end;
	const uint8_t *blob;
	size_t blob_len;
};

/** What became of a job beside the objects the sink was given. */
struct engine_result {
	bool split; /**< nothing was scanned: send ranges, each with the blob */
	uint8_t blob[SPLIT_BLOB_MAX];
	size_t blob_len;
	uint64_t lines; /**< line feeds in the owned bytes of a range */
	uint64_t bytes; /**< read from the descriptor */
	bool retire;    /**< a third-party parser ran: counts towards recycling */
};

/** The scanner with what only the worker sets. */
MUST_USE enum assay_status engine_new(const assay_ruleset *set,
				      const struct assay_scan_options *options, enum match_isa isa,
				      assay_scanner **ret_scanner, struct assay_error *err);

/** Open what readers open when they first need it: before lockdown. */
void engine_warm(assay_scanner *s);

/** Name of the shape stage's implementation in use: avx512, avx2 or scalar. */
const char *engine_isa(const assay_scanner *s);

/**
 * Do a job.  Findings of a range come with their values' hashes (engine_hashes).
 *
 * @return  ASSAY_FATAL only if this scanner is of no more use (memory)
 */
MUST_USE enum assay_status engine_run(assay_scanner *s, const struct engine_job *job,
				      const struct assay_sink *sink,
				      struct engine_result *ret_result, struct assay_error *err);

/** In the sink's object call for a range: hashes of the distinct values of a rule. */
const uint8_t (*engine_hashes(assay_scanner *s, unsigned rule, size_t *ret_len))[ASSAY_FP_BYTES];

/**
 * Judge a piece of text as if it were a file, or a cell under a heading: what
 * `rules check` does with examples.
 *
 * @param field  heading, or NULL
 */
MUST_USE enum assay_status engine_try(assay_scanner *s, const char *text, size_t len,
				      const char *field, const struct assay_sink *sink,
				      struct assay_error *err);

/** What became of one candidate. */
struct engine_judged {
	unsigned rule;
	uint64_t begin, end; /**< of the evidence, in the folded text; `end` is excluded */
	enum verdict verdict;
	const struct evidence *evidence;
	enum assay_confidence confidence;
	bool is_overlapped; /**< a better candidate stands there */
};

typedef void engine_judged_fn(void *ctx, const struct engine_judged *judged);

/** Be told of every candidate, also of those that come to nothing; NULL: no more. */
void engine_watch(assay_scanner *s, engine_judged_fn *told, void *ctx);

/** All text of a file, members included, without matching (see texts.h). */
struct texts_sink;
MUST_USE enum assay_status engine_texts(assay_scanner *s, int fd, uint64_t size, const char *name,
					const struct texts_sink *sink, struct assay_error *err);

/**
 * Scan a built-in sample of every light format and compare.
 *
 * @return  ASSAY_OK if all agree, but for formats whose library is not open
 */
MUST_USE enum assay_status engine_selftest(assay_scanner *s, struct assay_error *err);

#endif
