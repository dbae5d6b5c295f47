/**
 * budget.h - what one top-level file may still cost, shared by all items inside it
 *
 * Byte and ratio limits count what expansion brings out: the file's own size is not
 * counted against it, so a large log or an uncompressed archive is read whole.
 */
#ifndef BUDGET_H
#define BUDGET_H

#include <assay/scan.h>

#include "base.h"

struct budget {
	const struct assay_limits *limits; /**< borrowed */
	uint64_t top_bytes;                /**< size of the top-level file */
	uint64_t out_bytes;                /**< brought out of containers so far */
	uint64_t text_bytes;               /**< derived by extractors so far */
	uint32_t members;
	const char *hit; /**< option name of the size limit that was met last; NULL: none */
	uint64_t hit_value;
};

/** @param top_bytes  size of the top-level file, which ratios are taken of */
void budget_start(struct budget *b, const struct assay_limits *limits, uint64_t top_bytes);

/** Bytes brought out of a container.  FAILED: limit-size or limit-ratio, named in err. */
MUST_USE enum assay_status budget_take_out(struct budget *b, uint64_t bytes,
					   struct assay_error *err);
/** May one member come out as large as that?  FAILED: limit-size. */
MUST_USE enum assay_status budget_check_member(struct budget *b, uint64_t bytes,
					       struct assay_error *err);
/** Bytes of text that an extractor derived.  FAILED: limit-size. */
MUST_USE enum assay_status budget_take_text(struct budget *b, uint64_t bytes,
					    struct assay_error *err);
/** One member more.  FAILED: limit-members. */
MUST_USE enum assay_status budget_take_member(struct budget *b, struct assay_error *err);

/** Option name and value of the limit behind a reason, of several for size the one that was
 * met; NULL if it has none. */
const char *budget_limit_name(const struct budget *b, enum assay_reason reason,
			      uint64_t *ret_value);

#endif
