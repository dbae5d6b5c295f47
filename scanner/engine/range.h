/**
 * range.h - a large plain text cut into ranges, and the scan of one
 *
 * The worker that meets the file decides whether it is text of one-byte characters
 * (ASCII's kin) and what table it may be, and packs that into a blob; every range is
 * then read with a margin on both sides, so that its hits are those of the whole file.
 */
#ifndef RANGE_H
#define RANGE_H

#include "engine.h"
#include "identify.h"
#include "object.h"

/** Read on either side of a range: settles overlaps, holds context and row starts. */
#define RANGE_MARGIN (4 * KiB)

/** Shall the file be split?  Then the blob is filled in. */
bool range_wants_split(struct identifier *id, struct input *in, const struct engine_job *job,
		       struct engine_result *ret_result);

/**
 * Scan the bytes from job->begin to job->end by the plan in the job's blob; what lies beyond them
 * is read as far as the margin and counts for other ranges.
 */
MUST_USE enum assay_status range_scan(struct object *o, const struct engine_job *job,
				      const struct assay_sink *sink,
				      struct engine_result *ret_result, struct assay_error *err);

#endif
