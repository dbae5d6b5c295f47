/* tax.c - HMRC's and Companies House's numbers: UTR, VAT, company numbers */
#include "scheme.h"

/* The check digit comes first: digits 2 to 10 weighted, the sum mod 11 looked up.
 * A K may stand before or after. */
enum verdict validate_utr(const char *value, size_t len)
{
	static const unsigned char weights[] = { 6, 7, 8, 9, 10, 5, 4, 3, 2 };
	struct compact c;
	const char *d = c.text;
	unsigned sum = 0;

	if (!compact(value, len, " ", &c))
		return VERDICT_REJECT;
	if (c.len == 11 && d[0] == 'K')
		d++;
	else if (c.len == 11 && d[10] != 'K')
		return VERDICT_REJECT;
	if ((c.len != 10 && c.len != 11) || !all_digits(d, 10) || all_equal(d, 10))
		return VERDICT_REJECT;
	for (size_t i = 0; i < ARRAY_SIZE(weights); i++)
		sum += weights[i] * (unsigned)(d[i + 1] - '0');
	return "21987654321"[sum % 11] == d[0] ? VERDICT_CONFIRM : VERDICT_REJECT;
}

/** Nine digits: seven weighted 8 to 2, plus the last two, over 97; or 55 more. */
static bool vat_checks(const char *nine)
{
	unsigned sum = (unsigned)number_of(nine + 7, 2);

	for (unsigned i = 0; i < 7; i++)
		sum += (8 - i) * (unsigned)(nine[i] - '0');
	return number_of(nine, 7) > 0 && (sum % 97 == 0 || (sum + 55) % 97 == 0);
}

enum verdict validate_vat(const char *value, size_t len)
{
	struct compact c;
	const char *d = c.text;
	size_t left;

	if (!compact(value, len, " -.", &c))
		return VERDICT_REJECT;
	left = c.len;
	if (left > 2 && (memcmp(d, "GB", 2) == 0 || memcmp(d, "XI", 2) == 0)) {
		d += 2;
		left -= 2;
	}
	if (has_form(d, left, "GD999")) /* government departments */
		return number_of(d + 2, 3) >= 1 && number_of(d + 2, 3) < 500 ? VERDICT_UNDECIDED
									     : VERDICT_REJECT;
	if (has_form(d, left, "HA999")) /* health authorities */
		return number_of(d + 2, 3) >= 500 ? VERDICT_UNDECIDED : VERDICT_REJECT;
	if ((left != 9 && left != 12) || !all_digits(d, left) || !vat_checks(d))
		return VERDICT_REJECT;
	return VERDICT_CONFIRM;
}

enum verdict validate_company_number(const char *value, size_t len)
{
	static const char *const prefixes[] = {
		"SC", "NI", "OC", "SO", "NC", "LP", "SL", "NL", "FC", "SF", "NF",
		"GE", "GS", "GN", "SE", "ES", "EN", "CE", "CS", "AC", "SA", "NA",
		"ZC", "SZ", "NZ", "SG", "RC", "IP", "SP", "NP", "OE", "R0",
	};
	struct compact c;

	if (!compact(value, len, "", &c) || c.len != 8)
		return VERDICT_REJECT;
	if (all_digits(c.text, 8))
		return number_of(c.text, 8) ? VERDICT_UNDECIDED : VERDICT_REJECT;
	if (!is_listed(c.text, 2, prefixes, ARRAY_SIZE(prefixes)))
		return VERDICT_REJECT;
	/* Six digits; registered societies may end in a letter. */
	return has_form(c.text + 2, 6, "999999") || has_form(c.text + 2, 6, "99999A")
		   ? VERDICT_UNDECIDED
		   : VERDICT_REJECT;
}
