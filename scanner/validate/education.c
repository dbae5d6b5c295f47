/* education.c - unique pupil numbers (DfE) and unique learner numbers (LRS) */
#include "scheme.h"

static const char upn_letters[] = "ABCDEFGHJKLMNPQRTUVWXYZ"; /* no I, O, S */

/* A check letter over twelve places weighted 2 to 13, mod 23; the last place of a
 * temporary number is a letter.  Authority codes are not checked: new ones come. */
enum verdict validate_upn(const char *value, size_t len)
{
	struct compact c;
	unsigned sum = 0;

	if (!compact(value, len, " ", &c) || (!has_form(c.text, c.len, "A999999999999") &&
					      !has_form(c.text, c.len, "A99999999999A")))
		return VERDICT_REJECT;
	for (unsigned i = 1; i < 13; i++) {
		const char *letter = strchr(upn_letters, c.text[i]);

		if (!letter && !is_digit(c.text[i]))
			return VERDICT_REJECT;
		sum += (i + 1) * (unsigned)(letter ? letter - upn_letters : c.text[i] - '0');
	}
	return upn_letters[sum % 23] == c.text[0] ? VERDICT_CONFIRM : VERDICT_REJECT;
}

/* All ten digits weighted 10 to 1 leave 10 mod 11: so no NHS number, which leaves 0. */
enum verdict validate_uln(const char *value, size_t len)
{
	struct compact c;
	unsigned sum = 0;

	if (!compact_digits(value, len, " ", &c) || c.len != 10 || c.text[0] == '0')
		return VERDICT_REJECT;
	for (unsigned i = 0; i < 10; i++)
		sum += (10 - i) * (unsigned)(c.text[i] - '0');
	return sum % 11 == 10 ? VERDICT_CONFIRM : VERDICT_REJECT;
}
