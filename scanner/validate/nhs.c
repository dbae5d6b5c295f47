/* nhs.c - health numbers of the four nations: one check digit, three ranges */
#include "scheme.h"

/** Weights 10 to 2, mod 11. */
static bool check_holds(const char *ten)
{
	unsigned sum = 0, check;

	for (unsigned i = 0; i < 9; i++)
		sum += (unsigned)(ten[i] - '0') * (10 - i);
	check = 11 - sum % 11;
	/* A serial whose check would be 10 is never issued. */
	return (check == 11 ? 0 : check) == (unsigned)(ten[9] - '0');
}

static bool ten_that_check(const char *value, size_t len, struct compact *ret)
{
	return compact_digits(value, len, " -", ret) && ret->len == 10 &&
	       !all_equal(ret->text, 10) && !is_run(ret->text, 10) && check_holds(ret->text);
}

/** The first six digits of a CHI number are a birthday, of this century or the last. */
static bool starts_with_birthday(const char *digits)
{
	unsigned day = (unsigned)number_of(digits, 2), month = (unsigned)number_of(digits + 2, 2),
		 year = (unsigned)number_of(digits + 4, 2);

	return is_calendar_day(1900 + year, month, day) || is_calendar_day(2000 + year, month, day);
}

/**
 * England, Wales and the Isle of Man issue 3xx, 4xx, 6xx and 7xx; 999 is for
 * tests.  Other numbers that check (Scotland's, or a sample from a manual) are
 * left open.
 */
enum verdict validate_nhs(const char *value, size_t len)
{
	struct compact c;
	uint64_t three;

	if (!ten_that_check(value, len, &c))
		return VERDICT_REJECT;
	three = number_of(c.text, 3);
	if ((three >= 312 && three <= 499) || (three >= 600 && three <= 799) || three == 999)
		return VERDICT_CONFIRM;
	return VERDICT_UNDECIDED;
}

enum verdict validate_chi(const char *value, size_t len)
{
	struct compact c;

	if (!ten_that_check(value, len, &c) || !starts_with_birthday(c.text))
		return VERDICT_REJECT;
	return VERDICT_CONFIRM;
}

/* Northern Ireland: 320 000 001 to 399 999 999 before the check digit. */
enum verdict validate_hc_number(const char *value, size_t len)
{
	struct compact c;
	uint64_t body;

	if (!ten_that_check(value, len, &c))
		return VERDICT_REJECT;
	body = number_of(c.text, 9);
	return body > 320000000 && body <= 399999999 ? VERDICT_CONFIRM : VERDICT_REJECT;
}
