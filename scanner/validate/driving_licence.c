/* driving_licence.c - GB driver numbers: a birthday woven into letters */
#include "scheme.h"

/** Five places of a surname: letters, then nines to fill. */
static bool is_surname(const char *five)
{
	size_t letters = 0;

	while (letters < 5 && is_upper(five[letters]))
		letters++;
	for (size_t i = letters; i < 5; i++)
		if (five[i] != '9')
			return false;
	return letters > 0;
}

/** Positions 6 to 11: year's tens, month (51-62 for women), day, year's units. */
static bool is_birthday(const char *six)
{
	unsigned year = (unsigned)(six[0] - '0') * 10 + (unsigned)(six[5] - '0'),
		 month = (unsigned)number_of(six + 1, 2), day = (unsigned)number_of(six + 3, 2);

	if (month > 50)
		month -= 50;
	return is_calendar_day(1900 + year, month, day) || is_calendar_day(2000 + year, month, day);
}

/* The check letters' algorithm is not public; the calendar is the proof. */
enum verdict validate_driving_licence(const char *value, size_t len)
{
	struct compact c;
	const char *t = c.text;

	if (!compact(value, len, " ", &c) || (c.has_lower && c.has_upper))
		return VERDICT_REJECT;
	if (c.len == 18 && all_digits(t + 16, 2)) /* issue number */
		c.len = 16;
	if (c.len != 16 || !is_surname(t) || !all_digits(t + 5, 6) || !is_birthday(t + 5))
		return VERDICT_REJECT;
	/* Initials: a letter, then a letter or 9; or none at all. */
	if (!(is_upper(t[11]) && (is_upper(t[12]) || t[12] == '9')) && memcmp(t + 11, "99", 2) != 0)
		return VERDICT_REJECT;
	return is_upper(t[14]) && is_upper(t[15]) ? VERDICT_CONFIRM : VERDICT_REJECT;
}
