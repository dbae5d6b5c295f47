/* vrm.c - registration marks of vehicles (DVLA INF104) */
#include "scheme.h"

/** A clock that is wrong must not hide plates known when this was written. */
#define YEAR_KNOWN 2026

/** Letters that a style leaves out do not stand in `text`. */
static bool lacks(const char *text, size_t len, const char *left_out)
{
	for (size_t i = 0; i < len; i++)
		if (strchr(left_out, text[i]))
			return false;
	return true;
}

/** 02 for March 2002 onwards, 51 for September 2001 onwards. */
static bool is_age(const char *two)
{
	unsigned age = (unsigned)number_of(two, 2), year = MAX(today().year, YEAR_KNOWN) % 100;

	return (age >= 2 && age <= year) || (age >= 51 && age <= 50 + year);
}

/** The run of letters, then the run of digits, or the other way about. */
static size_t run_of(const char *text, size_t len, bool digits)
{
	size_t n = 0;

	while (n < len && is_digit(text[n]) == digits)
		n++;
	return n;
}

/** Letters and digits that are an older mark: prefix, suffix, dateless, Northern Irish. */
static bool is_older(const char *t, size_t len)
{
	bool digits_first = is_digit(t[0]);
	size_t one = run_of(t, len, digits_first);
	size_t two = run_of(t + one, len - one, !digits_first);
	size_t three = len - one - two;

	if (!three && digits_first) /* 1234 AB */
		return one <= 4 && two >= 1 && two <= 3 && lacks(t + one, two, "IQZ");
	if (!three) /* AB 1234; I and Z mean Northern Ireland */
		return one <= 3 && two >= 1 && two <= 4 && lacks(t, one, "Q");
	if (digits_first || run_of(t + one + two, three, false) != three || two > 3)
		return false;
	if (one == 1 && three == 3) /* A123 BCD, Q123 BCD */
		return lacks(t, 1, "IOUZ") && lacks(t + len - 3, 3, "IQZ");
	if (one == 3 && three == 1) /* ABC 123D */
		return lacks(t, 3, "IQZ") && lacks(t + len - 1, 1, "IOQUZ");
	return one == 2 && two == 2 && three == 2; /* military */
}

enum verdict validate_vrm(const char *value, size_t len)
{
	struct compact c;
	const char *t = c.text;

	if (!compact(value, len, " -", &c) || c.len < 2 || c.len > 7)
		return VERDICT_REJECT;
	if (has_form(t, c.len, "AA99AAA"))
		return lacks(t, 2, "IQZ") && lacks(t + 4, 3, "IQ") && is_age(t + 2)
			   ? VERDICT_UNDECIDED
			   : VERDICT_REJECT;
	if (has_form(t, c.len, "999D999") || has_form(t, c.len, "999X999"))
		return VERDICT_UNDECIDED;
	return is_older(t, c.len) ? VERDICT_UNDECIDED : VERDICT_REJECT;
}
