/**
 * settle.h - which of overlapping candidates stand
 *
 * Of candidates whose evidence overlaps: CONFIRM wins, then the longer, then the
 * leftmost, surer by its words, then rule order.  Applied to whole groups of candidates linked by
 * overlap, best first, so that a chain keeps every second one.
 */
#ifndef SETTLE_H
#define SETTLE_H

#include "rule.h"
#include "score.h"
#include "vec.h"

/** A hit being judged.  Positions are bytes of the object's text stream. */
struct candidate {
	uint64_t start;      /**< source offset of the evidence: decides which range owns it */
	uint64_t begin, end; /**< of the evidence */
	uint16_t rule;
	uint8_t verdict;
	uint8_t confidence; /**< while it is being settled: by its words alone */
	uint8_t hidden;     /**< the text is not shown */
	uint8_t
	    only_counted; /**< below what is reported: its value is not among the distinct ones */
	uint8_t dropped;  /**< set by settling: another one stands here */
	uint8_t hash[16]; /**< keyed, of the normalised value */
	/** What to list, or NULL; owned by whoever made the candidate. */
	struct assay_occurrence *occurrence;

	/* What it is judged by; settling looks at none of it. */
	struct evidence evidence;
	uint16_t column;        /**< its number among the object's columns; 0: in none */
	uint8_t against : 1;    /**< its heading says that it is something else */
	uint8_t in_cell : 1;    /**< evidence.field, column and record are known */
	uint8_t alone : 1;      /**< nothing else stands in its cell */
	uint8_t counted : 1;    /**< its column knows of it */
	uint8_t quiet : 1;      /**< not reported, and of no consequence to others */
	uint8_t by_chance : 1;  /**< its column passes a check by luck */
	uint8_t in_numbers : 1; /**< counted as a number among numbers */
	uint8_t valued : 1;     /**< `hash` and evidence.test_value are set */
	uint8_t listed : 1;     /**< `occurrence` was made, if one was wanted */
	uint8_t tallied : 1;
	uint64_t record; /**< equal for evidence in one row or element; 0: text tells */
};

struct candidates vec(struct candidate);

/**
 * Settle all groups that end at or before `sealed`: nothing that begins later can
 * touch them.
 *
 * @param list  sorted by begin
 * @return      how many at the front are settled; `dropped` is set on the losers
 */
size_t settle(struct candidate *list, size_t len, uint64_t sealed);

#endif
