/* passport.c - document numbers without a check digit: passports, residence permits */
#include "scheme.h"

/* Nine digits; older books have a letter before or after six.  The check digit
 * stands in the machine readable zone alone. */
enum verdict validate_passport(const char *value, size_t len)
{
	struct compact c;

	if (!compact(value, len, " ", &c))
		return VERDICT_REJECT;
	if (has_form(c.text, c.len, "999999999"))
		return all_equal(c.text, 9) || is_run(c.text, 9) ? VERDICT_REJECT
								 : VERDICT_UNDECIDED;
	if (has_form(c.text, c.len, "A999999") || has_form(c.text, c.len, "999999A"))
		return VERDICT_UNDECIDED;
	return VERDICT_REJECT;
}

/* Two letters, then X or a digit, then six digits; capitals as printed. */
enum verdict validate_brp(const char *value, size_t len)
{
	struct compact c;

	if (!compact(value, len, " ", &c) || c.has_lower)
		return VERDICT_REJECT;
	if (!has_form(c.text, c.len, "AA9999999") && !has_form(c.text, c.len, "AAX999999"))
		return VERDICT_REJECT;
	return VERDICT_UNDECIDED;
}
