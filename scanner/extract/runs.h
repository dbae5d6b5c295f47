/** runs.h - what can be read in a file that nobody can read, but for what was read */
#ifndef RUNS_H
#define RUNS_H

#include "extract.h"

/** Bytes of an object that a reader has sent already. */
struct strings_sent {
	uint64_t off;
	uint64_t len;
};

/**
 * Send the runs of characters of `in`, from here to its end.
 *
 * @param sent  left out, and no run goes over them: sorted, may overlap
 */
MUST_USE enum assay_status strings_between(struct input *in, const struct extract_sink *sink,
					   const struct strings_sent *sent, size_t sent_len,
					   struct assay_error *err);

#endif
