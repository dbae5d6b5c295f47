/**
 * measure.h - what can be said of a pattern without running it
 *
 * A small reader of regular expressions: how wide a match gets, how far its
 * look-ahead sees, and which literal no match can do without.  It knows PCRE2's
 * syntax and refuses what would make a hit depend on where a window was cut.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include "base.h"

/** No bound: an open-ended repeat, or a product too large to matter. */
#define MEASURE_UNBOUNDED UINT32_MAX

struct measure {
	uint32_t width;       /**< bytes of the widest match */
	uint32_t reach;       /**< bytes from a match's start that it may look at */
	uint32_t literal;     /**< length of a literal that every match contains, at least */
	uint32_t digits;      /**< the same for a run of digits */
	uint32_t digits_lead; /**< bytes of a match before that run, at most */
};

/** @return  NULL, or what is wrong with the pattern, as a phrase; a static string */
MUST_USE const char *measure_pattern(const char *pattern, struct measure *ret_measure);

#endif
