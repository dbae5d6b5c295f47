/**
 * pattern.h - PCRE2 patterns as rules use them
 */
#ifndef PATTERN_H
#define PATTERN_H

#include "ruleset.h"

/** Fail with "FILE:LINE: rule ID: " before the text. */
enum assay_status rule_fail(struct assay_error *err, const struct rule *rule, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/** One compile context for all patterns: line ends and limits do not depend on the library's
 * build.  @return  NULL without memory */
pcre2_compile_context *pattern_context_new(void);

/**
 * @param is_cell  anchored at both ends
 */
MUST_USE enum assay_status pattern_compile(const struct rule *rule, bool is_cell,
					   pcre2_compile_context *context, pcre2_code **ret_code,
					   bool *ret_has_group, struct assay_error *err);

/** Compile to machine code what is not yet: pattern, and cell if there is one. */
MUST_USE enum assay_status pattern_machine_code(const struct compiled_rule *compiled,
						struct assay_error *err);

#endif
