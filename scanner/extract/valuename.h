/**
 * valuename.h - names of fields that say nothing by themselves
 *
 * "dob": { "value": ... }, <dob><value>..., <dob value="...">: what it is a value of is said
 * by the name around.  So it is of the parts of names and addresses in FHIR and CDA.
 */
#ifndef VALUENAME_H
#define VALUENAME_H

#include "words.h"

static inline bool is_value_name(const char *name, size_t len)
{
	static const char *const names[] = {
		"value", "level",  "#text",  "_text",  "$",     "$t",
		"_",     "_value", "@value", "family", "given", "line"
	};

	return WORD_IS_AMONG(name, len, names);
}

#endif
