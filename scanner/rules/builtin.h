/**
 * builtin.h - the rules of the packs that assay was built with
 *
 * Defined, with assay_ruleset_builtin() and assay_ruleset_load(), in the file
 * that mkrules writes; link `builtin` for them.
 */
#ifndef BUILTIN_H
#define BUILTIN_H

#include "cache.h"
#include "ruleset.h"

/** Static. */
const struct rule_list *builtin_rules(void);

/** What a set of rules is read from. */
struct rule_sources {
	const struct rule_list *base; /**< stand before those that are read; NULL: none */
	const char *const *paths;     /**< files, and directories of them */
	size_t paths_len;
	const uint8_t *known_key;       /**< of the rules' known values; NULL: there is none */
	bool to_show;                   /**< the rules will not be run: no key is needed */
	const struct rule_cache *cache; /**< where compiled rules are kept; NULL: nowhere */
};

/**
 * Read and compile packs: what assay_ruleset_load() does once it knows the
 * built-in rules.
 *
 * @param sources  `base` must outlive the set
 * @param ret_set  NULL if nothing was added to `base`, which its owner has compiled
 */
MUST_USE enum assay_status ruleset_read(const struct rule_sources *sources, assay_ruleset **ret_set,
					struct assay_error *err);

#endif
