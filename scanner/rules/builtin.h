/**
 * builtin.h - the rules of the packs that assay was built with
 *
 * Defined, with assay_ruleset_builtin() and assay_ruleset_load(), in the file
 * that mkrules writes; link `builtin` for them.
 */
#ifndef BUILTIN_H
#define BUILTIN_H

#include "ruleset.h"

/** Static. */
const struct rule_list *builtin_rules(void);

/**
 * Read and compile packs: what assay_ruleset_load() does once it knows the
 * built-in rules.
 *
 * @param base  rules to stand before those that are read, or NULL; must outlive the set
 */
MUST_USE enum assay_status ruleset_read(const char *const *paths, size_t paths_len,
					const struct rule_list *base, assay_ruleset **ret_set,
					struct assay_error *err);

#endif
