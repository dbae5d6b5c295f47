/**
 * compile.h - what needs a compiler, made once and kept as plain data
 *
 * ruleset_image_make() does the slow half (patterns are compiled by PCRE2 and measured,
 * prefilters by Vectorscan); ruleset_from_image() the quick one.  The build-time generator writes
 * an image as C:
 *
 *   ruleset_image_make(list, &image, &err);
 *   ruleset_image_print(&image, "builtin_image", out);
 *
 * writes `static const struct ruleset_image builtin_image = { ... };` and the
 * arrays it points to, so assay_ruleset_builtin() is one line:
 *
 *   return ruleset_from_image(&builtin_list, &builtin_image, ret_set, err);
 */
#ifndef COMPILE_H
#define COMPILE_H

#include <stdio.h>

#include "ruleset.h"

/** What was measured of one rule's patterns. */
struct rule_facts {
	uint32_t reach;  /**< see struct compiled_rule */
	uint32_t back;   /**< see struct compiled_rule; 0 for rules led by a shape */
	uint32_t digits; /**< see struct compiled_rule */
};

struct image_bytes {
	const void *data; /**< NULL: none */
	size_t len;
};

/** Owned by its maker; a static one, written by ruleset_image_print(), by nobody. */
struct ruleset_image {
	const struct rule_facts *facts; /**< in the order of rules */
	size_t facts_len;
	struct image_bytes patterns; /**< all of PCRE2, see pattern.h */
	struct image_bytes literals; /**< serialised for any x86-64 CPU */
	struct image_bytes besides;
	struct image_bytes others;
	struct image_bytes word_text; /**< lower case, in order of id, each ended by NUL */
	size_t words_len;
	const struct word_use
	    *uses; /**< those of word 0, an end (rule UINT16_MAX), of word 1 ... */
	size_t uses_len;
};

/**
 * Check and compile what a list of rules needs.
 *
 * @param ret_image  free with ruleset_image_done(); untouched on failure
 * @return  ASSAY_FATAL with one line "FILE:LINE: rule ID: what; the way out"
 */
MUST_USE enum assay_status ruleset_image_make(const struct rule_list *list,
					      struct ruleset_image *ret_image,
					      struct assay_error *err);
void ruleset_image_done(struct ruleset_image *image);

/**
 * Write an image as C source: static const data named `name`.  The file must
 * include compile.h.  @return  false if the stream failed
 */
bool ruleset_image_print(const struct ruleset_image *image, const char *name, FILE *out);

/**
 * Make a set from rules and their image, its patterns interpreted; half a millisecond.  If the
 * image was made with another PCRE2 they are compiled again, which takes five times that.
 *
 * @param list   borrowed, must outlive the set
 * @param image  copied, may go afterwards
 */
MUST_USE enum assay_status ruleset_from_image(const struct rule_list *list,
					      const struct ruleset_image *image,
					      assay_ruleset **ret_set, struct assay_error *err);

#endif
