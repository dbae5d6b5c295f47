/**
 * ruleset.h - compiled rules
 *
 * A rule set is made once, and is read-only afterwards: threads and forked
 * processes share it.  The first scanner that is made for it needs executable
 * memory (PCRE2's JIT) and must be made before others use the set.
 */
#ifndef ASSAY_RULESET_H
#define ASSAY_RULESET_H

#include <assay/types.h>

typedef struct assay_ruleset assay_ruleset;

/**
 * The built-in rules, compiled when assay was built: a few milliseconds.
 *
 * @param ret_set  free with assay_ruleset_free()
 */
enum assay_status assay_ruleset_builtin(assay_ruleset **ret_set, struct assay_error *err);

/**
 * Rules from files and directories of `*.yaml`, alone or on top of the built-in
 * ones.  Compiling takes some tenths of a second.
 */
enum assay_status assay_ruleset_load(const char *const *paths, size_t paths_len,
				     bool add_to_builtin, assay_ruleset **ret_set,
				     struct assay_error *err);
void assay_ruleset_free(assay_ruleset *set);

size_t assay_ruleset_count(const assay_ruleset *set);

/** @return  such as `uk.nino`; valid as long as the set */
const char *assay_ruleset_id(const assay_ruleset *set, unsigned rule);

#endif
