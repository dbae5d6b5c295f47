/**
 * mask.h - what may be shown of a value
 */
#ifndef MASK_H
#define MASK_H

#include <assay/scan.h>

#include "buf.h"
#include "rule.h"

/** Longest mask, bytes; longer values are cut with `...`. */
#define MASK_MAX ((size_t)256)

/**
 * shape:   letters to a or A, digits to 9, runs over 8 as `a*12`, the rest as it is
 *          (other scripts' letters as `a`); control characters as `?`
 * partial: as the rule's `reveal` says, at most 4 characters and a third of the value
 * full:    `[rule id]`
 */
void mask_value(const struct rule *rule, enum assay_mask how, const char *value, size_t len,
		struct buf *out);

#endif
