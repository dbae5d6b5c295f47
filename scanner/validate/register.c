/* register.c - numbers of registers that carry no check: property, electors */
#include "scheme.h"

/* One to twelve digits, of which some are not zero. */
enum verdict validate_uprn(const char *value, size_t len)
{
	if (len > 12 || !all_digits(value, len) || number_of(value, len) == 0)
		return VERDICT_REJECT;
	return VERDICT_UNDECIDED;
}

/* Polling district of two letters, then one to four digits. */
enum verdict validate_electoral(const char *value, size_t len)
{
	struct compact c;

	if (!compact(value, len, " -", &c) || c.len < 3 || c.len > 6)
		return VERDICT_REJECT;
	if (!is_upper(c.text[0]) || !is_upper(c.text[1]) || !all_digits(c.text + 2, c.len - 2))
		return VERDICT_REJECT;
	return number_of(c.text + 2, c.len - 2) ? VERDICT_UNDECIDED : VERDICT_REJECT;
}
