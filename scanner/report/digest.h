/**
 * digest.h - what a run log says, kept small
 *
 * One pass over a log of any length.  What grows with the scan is summed; of the
 * objects only the worst are kept.  All text in it is escaped for a terminal, except
 * the lines kept as they stand.
 */
#ifndef DIGEST_H
#define DIGEST_H

#include <assay/types.h>

#include "buf.h"
#include "logread.h"
#include "vec.h"

#define DIGEST_WORD 64

/** A rule's findings in one object. */
struct digest_finding {
	char rule[DIGEST_WORD];
	enum assay_severity severity;
	enum assay_confidence confidence; /**< the highest */
	uint64_t count;                   /**< reported: not those below the threshold */
	uint64_t hidden;
	char mask[DIGEST_WORD]; /**< of the first occurrence; or its value, if asked for */
	char places[128];       /**< the first few */
};

/** An object that matters. */
struct digest_item {
	char *name; /**< root, path and inner names */
	char label[DIGEST_WORD];
	char where[DIGEST_WORD];
	char places[192];    /**< its markings with their places, if there are several */
	char conflicts[128]; /**< what of them does not go together: words of the log */
	unsigned tier;
	bool marked;
	bool spill; /**< details are withheld */
	bool in_part;
	unsigned worst; /**< highest severity times confidence */
	uint64_t hits;
	struct vec(struct digest_finding) findings; /**< worst first, once the item is ranked */
	size_t findings_more;                       /**< beyond the ones kept */
	/** Lines of the log, `,` between them, if asked for. */
	struct buf object, finding_lines, gap_lines;
};

struct digest_rule {
	char id[DIGEST_WORD];
	enum assay_severity severity;
	enum assay_confidence confidence;
	uint64_t files, count, unique;
};

struct digest_mark {
	char label[DIGEST_WORD];
	unsigned tier;
	uint64_t count;
};

#define DIGEST_EXAMPLES 2

struct digest_gap {
	char reason[DIGEST_WORD];
	uint64_t blocking, other;
	char *examples[DIGEST_EXAMPLES];
};

struct digest {
	/* run_begin */
	char root[256]; /**< the first one, as it was named */
	size_t roots;
	uint64_t rules_count;
	char min_confidence[DIGEST_WORD];
	struct buf begin_line, end_line; /**< if asked for */
	/* the objects */
	struct vec(struct digest_item) items; /**< worst first */
	uint64_t matter; /**< objects that would be in `items` if all were kept */
	struct vec(struct digest_rule) by_rule;
	struct vec(struct digest_mark) marks;
	struct vec(struct digest_gap) gaps;
	uint64_t blocking_gaps, other_gaps;
	struct vec(char *) warnings; /**< texts of notices, the first few */
	uint64_t warnings_more;
	/* run_end */
	bool ended;
	char status[DIGEST_WORD];
	char sentence[1024];
	uint64_t exit, enumerated, complete, partial, nothing, excluded, members;
	uint64_t wall_ms, bytes_read;
};

struct digest_options {
	size_t top;
	bool show_values;
	bool keep_lines;
};

/** Release with digest_done(), also on failure. */
MUST_USE enum assay_status digest_read(int fd, const struct digest_options *options,
				       struct digest *ret_digest, struct assay_error *err);
void digest_done(struct digest *d);

#endif
