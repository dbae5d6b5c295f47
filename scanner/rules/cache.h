/**
 * cache.h - compiled images of a site's rules, so that the next start need not compile
 *
 * It holds what rules were compiled to, and nothing of what was scanned.  An entry's name is a
 * hash of this build of assay, of Vectorscan and of everything that decides a match, so
 * nothing is ever out of date: what changed has another name.
 *
 * Loading a database trusts it.  So an entry is read only if it is a regular file of the
 * caller's own that nobody else may write to, in such a directory, reached through no
 * link; and no directory is used that lies below something that is being scanned.  Anything
 * else - cut, damaged, foreign - is as if it were not there.
 */
#ifndef CACHE_H
#define CACHE_H

#include "compile.h"

/** Entries that are kept; the ones longest unused go. */
#define CACHE_ENTRIES 8

/** Where.  Empty: the user's own cache. */
struct rule_cache {
	const char *dir;          /**< NULL: $XDG_CACHE_HOME/assay or ~/.cache/assay */
	const char *const *avoid; /**< files and directories that are scanned */
	size_t avoid_len;
};

/** An image made earlier of these very rules.  @return  false if there is none to be trusted */
MUST_USE bool rule_cache_load(const struct rule_cache *cache, const struct rule_list *list,
			      struct ruleset_image *ret_image);

/** Keep an image; where that is not possible, nothing happens. */
void rule_cache_store(const struct rule_cache *cache, const struct rule_list *list,
		      const struct ruleset_image *image);

#endif
