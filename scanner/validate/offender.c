/* offender.c - prison and probation numbers: a form, nothing to check */
#include "scheme.h"

static enum verdict of_form(const char *value, size_t len, const char *form)
{
	return has_form(value, len, form) ? VERDICT_UNDECIDED : VERDICT_REJECT;
}

enum verdict validate_prison(const char *value, size_t len)
{
	return of_form(value, len, "A9999AA");
}

enum verdict validate_prison_old(const char *value, size_t len)
{
	return of_form(value, len, "AA9999");
}

enum verdict validate_delius_crn(const char *value, size_t len)
{
	return of_form(value, len, "A999999");
}
