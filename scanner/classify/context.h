/**
 * context.h - words around a hit that raise or lower it
 *
 * Words count within the rule's distance, caselessly, at word boundaries, in the
 * same paragraph (a blank line ends it) and, of a list of JSON objects, the same
 * object.  Each kind moves one step however often it stands there.
 */
#ifndef CONTEXT_H
#define CONTEXT_H

#include "match.h"

/** Scratch of one thread.  Opaque. */
struct context;

/** @param set  borrowed */
MUST_USE enum assay_status context_new(const assay_ruleset *set, struct context **ret_context,
				       struct assay_error *err);
void context_free(struct context *c);

/** What the words near a hit say. */
struct context_steps {
	bool raised;
	bool lowered;
};

/**
 * @param data  the window's text; at least RULE_WITHIN_MAX bytes (or all there is) on
 *              either side of every hit, and WINDOW_PAD readable past `len`
 * @param hits  sorted by start
 * @param ret   one per hit
 */
void context_look(struct context *c, const char *data, size_t len, const struct hit *hits,
		  size_t hits_len, struct context_steps *ret);

#endif
