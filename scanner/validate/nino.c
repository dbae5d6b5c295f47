/* nino.c - National Insurance numbers (HMRC NIM39110): no check digit, prefix rules */
#include "scheme.h"

enum verdict validate_nino(const char *value, size_t len)
{
	static const char *const unused[] = { "BG", "GB", "KN", "NK", "NT", "TN", "ZZ" };
	struct compact c;

	if (!compact(value, len, " -", &c) || (c.has_lower && c.has_upper))
		return VERDICT_REJECT;
	/* Payroll data may hold no suffix. */
	if (!has_form(c.text, c.len, "AA999999A") && !has_form(c.text, c.len, "AA999999"))
		return VERDICT_REJECT;
	if (strchr("DFIQUV", c.text[0]) || strchr("DFIOQUV", c.text[1]) ||
	    is_listed(c.text, 2, unused, ARRAY_SIZE(unused)))
		return VERDICT_REJECT;
	if (c.len == 9 && c.text[8] > 'D')
		return VERDICT_REJECT;
	return all_equal(c.text + 2, 6) && c.text[2] == '0' ? VERDICT_REJECT : VERDICT_UNDECIDED;
}
