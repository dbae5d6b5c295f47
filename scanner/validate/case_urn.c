/* case_urn.c - the prosecution's unique reference: force, unit, serial, year */
#include "scheme.h"

/** Forces that own cases (the Common Platform's list); two digits each. */
static const char *const forces[] = {
	"01", "02", "03", "04", "05", "06", "07", "10", "11", "12", "13", "14", "16",
	"17", "20", "21", "22", "23", "24", "30", "31", "32", "33", "34", "35", "36",
	"37", "40", "41", "42", "43", "44", "45", "46", "47", "48", "50", "52", "53",
	"54", "55", "60", "61", "62", "63", "67", "88", "89", "91", "93",
};

enum verdict validate_case_urn(const char *value, size_t len)
{
	struct compact c;

	if (!compact(value, len, " /-", &c) || !has_form(c.text, c.len, "99**9999999") ||
	    !is_listed(c.text, 2, forces, ARRAY_SIZE(forces)))
		return VERDICT_REJECT;
	/* Unit 00 stands for none. */
	return memcmp(c.text + 2, "00", 2) == 0 ? VERDICT_REJECT : VERDICT_UNDECIDED;
}
