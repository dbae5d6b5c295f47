/**
 * valuename.h - names of fields that say nothing by themselves
 *
 * "dob": { "value": ... }, <dob><value>..., <dob value="...">: what it is a value of is said
 * by the name around.  So it is of the parts of names and addresses in FHIR and CDA.
 */
#ifndef VALUENAME_H
#define VALUENAME_H

#include <strings.h>

#include "base.h"

static inline bool is_value_name(const char *name, size_t len)
{
	static const char *const names[] = {
		"value", "level",  "#text",  "_text",  "$",     "$t",
		"_",     "_value", "@value", "family", "given", "line"
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (len == strlen(names[i]) && strncasecmp(name, names[i], len) == 0)
			return true;
	return false;
}

#endif
