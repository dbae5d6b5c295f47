/**
 * suggest.h - the known word nearest to a mistyped one
 *
 *   struct suggestion s = SUGGESTION_INIT("pattren");
 *   for each known word: suggest(&s, word);
 *   s.best is "pattern", or NULL if none is within two edits
 */
#ifndef SUGGEST_H
#define SUGGEST_H

#include "base.h"

struct suggestion {
	const char *word;
	const char *best;  /**< the first of the nearest so far; borrowed */
	unsigned distance; /**< of `best`; a candidate must be nearer */
};

#define SUGGESTION_INIT(mistyped) \
	{ \
		.word = (mistyped), .distance = 3 \
	}

/** An edit is a letter more, less or other, or two neighbours swapped. */
void suggest(struct suggestion *s, const char *candidate);

#endif
