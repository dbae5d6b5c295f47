/**
 * fields.h - the `fields` of all rules, found by their first word
 */
#ifndef FIELDS_H
#define FIELDS_H

#include "ruleset.h"

/** @return  NULL without memory */
struct field_index *field_index_new(const struct rule_list *list);
void field_index_free(struct field_index *index);

#endif
