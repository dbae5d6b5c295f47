/**
 * pattern.h - PCRE2 patterns as rules use them
 */
#ifndef PATTERN_H
#define PATTERN_H

#include "compile.h"

/** Fail with "FILE:LINE: rule ID: " before the text. */
enum assay_status rule_fail(struct assay_error *err, const struct rule *rule, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/** Room for the patterns of a list: one of each rule without terms, and its cell's. */
#define PATTERNS_MAX (2 * (size_t)RULES_MAX)

/**
 * Compile a list's patterns, in the order of rules, each followed by its cell if it has one.
 *
 * @param ret_codes  room for PATTERNS_MAX; all NULL on failure
 */
MUST_USE enum assay_status patterns_compile(const struct rule_list *list, pcre2_code **ret_codes,
					    size_t *ret_len, struct assay_error *err);

/** Compiled patterns as bytes that this build of PCRE2 reads again.  @return  false without
 * memory */
MUST_USE bool patterns_pack(pcre2_code *const *codes, size_t len, struct image_bytes *ret_bytes);

/**
 * Compiled patterns out of such bytes; they are checked for a version of PCRE2 alone, so
 * only of one's own make.
 *
 * @return  false: of another PCRE2, or not `len` of them, or no memory; nothing is left to free
 */
MUST_USE bool patterns_unpack(const struct image_bytes *bytes, pcre2_code **ret_codes, size_t len);

/** How many a list has. */
size_t patterns_of(const struct rule_list *list);

void patterns_free(pcre2_code **codes, size_t len);

/** Compile to machine code what is not yet: pattern, and cell if there is one. */
MUST_USE enum assay_status pattern_machine_code(const struct compiled_rule *compiled,
						struct assay_error *err);

#endif
