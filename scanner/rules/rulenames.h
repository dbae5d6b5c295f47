/**
 * rulenames.h - the closed lists of a pack, as YAML writes them
 *
 * Each function gives the name of entry `i`, or NULL past the end.
 */
#ifndef RULENAMES_H
#define RULENAMES_H

#include "rule.h"

typedef const char *name_fn(unsigned i);

name_fn shape_names, normalise_names, reveal_names, confidence_names, severity_names;
name_fn case_names, category_names, validator_names, detector_names;

#endif
