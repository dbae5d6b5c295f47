/**
 * tally.h - settled candidates to findings: counts, distinct values, the first few
 *
 * Memory does not grow with the number of occurrences, and hardly with that of
 * distinct values: beyond TALLY_UNIQUE_MAX of them the smallest hashes are kept, so
 * that the result does not depend on the order in which parts are merged.
 */
#ifndef TALLY_H
#define TALLY_H

#include <assay/types.h>

#include "settle.h"

#define TALLY_UNIQUE_MAX ((size_t)65536)

/** Findings of one object in the making.  Opaque. */
struct tally;

/**
 * @param rules            how many the set has
 * @param max_occurrences  kept per rule; 0: all
 */
MUST_USE struct tally *tally_new(size_t rules, size_t max_occurrences);
void tally_free(struct tally *t);
void tally_clear(struct tally *t);

/**
 * The object is a part of another one, whose tally will take this one's findings in:
 * values_fp is not worked out, and tally_hashes() are in no order.
 */
void tally_is_part(struct tally *t, bool is_part);

/** Does the rule's list of occurrences want another one?  (May still be dropped.) */
bool tally_wants_occurrence(const struct tally *t, unsigned rule);

/** Count a candidate that stands.  Its occurrence, if any, is copied.
 * @return  false without memory */
MUST_USE bool tally_add(struct tally *t, const struct candidate *c);

/** Add another object's (a range's) findings; occurrences are kept by offset. */
MUST_USE bool tally_merge(struct tally *t, const struct assay_finding *finding,
			  const uint8_t (*hashes)[ASSAY_FP_BYTES], size_t hashes_len,
			  uint64_t add_lines);

/** The findings so far, by rule number; valid until the next call with `t`. */
const struct assay_finding *tally_findings(struct tally *t, size_t *ret_len);

/** The distinct values' hashes of a rule, sorted (but see tally_is_part); valid until the next call
 * with `t`. */
const uint8_t (*tally_hashes(struct tally *t, unsigned rule, size_t *ret_len))[ASSAY_FP_BYTES];

#endif
