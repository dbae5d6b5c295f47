/**
 * describe.h - rules as text: the catalogue, one rule whole, one rule in plain words
 *
 * Everything goes to the stream, whose error flag is the caller's to look at.
 */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include <stdio.h>

#include "rule.h"

/** A line a rule under its pack and category, and how many there are. */
void rules_list(const struct rule_list *list, FILE *out);

/**
 * Everything a rule holds, key by key.
 *
 * @return  ASSAY_FATAL (ASSAY_BAD_USAGE) for an unknown id, with the nearest one
 */
MUST_USE enum assay_status rules_show(const struct rule_list *list, const char *id, FILE *out,
				      struct assay_error *err);

/** What a rule means, for somebody who keeps records and reads no patterns; fails as above. */
MUST_USE enum assay_status rules_explain(const struct rule_list *list, const char *id, FILE *out,
					 struct assay_error *err);

/**
 * One pattern a line, for `rg --no-unicode -f`: prefilters where there are any.
 *
 * @return  how many rules were left out because ripgrep cannot say them
 */
size_t rules_as_rg(const struct rule_list *list, FILE *out);

/** The rule of that id, or an error that names the nearest one. */
MUST_USE enum assay_status rules_need(const struct rule_list *list, const char *id,
				      const struct rule **ret_rule, struct assay_error *err);

#endif
