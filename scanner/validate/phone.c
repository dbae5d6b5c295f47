/* phone.c - UK telephone numbers by Ofcom's National Telephone Numbering Plan */
#include "scheme.h"

#define DIGITS(n) (1U << (n))

#define TEN DIGITS(10)

/** Lengths after the 0, by the two digits that follow it. */
static const uint16_t plan[10][10] = {
	[1] = { 0, TEN, TEN, TEN, TEN, TEN, TEN, TEN, TEN, TEN },
	[2] = { [0] = TEN, [3] = TEN, [4] = TEN, [8] = TEN, [9] = TEN },
	[3] = { [0] = TEN, [3] = TEN, [4] = TEN, [7] = TEN },
	[5] = { [5] = TEN, [6] = TEN },
	[7] = { TEN, TEN, TEN, TEN, TEN, TEN, TEN, TEN, TEN, TEN },
	[8] = { [0] = DIGITS(7) | DIGITS(9) | TEN, [4] = DIGITS(7) | TEN, [7] = TEN },
	[9] = { [0] = TEN, [1] = TEN, [8] = TEN },
};

/** Areas in which some local numbers have five digits, so nine follow the 0. */
static const uint16_t short_areas[] = {
	1204, 1208, 1254, 1276, 1297, 1298, 1363, 1364, 1384, 1386, 1404, 1420, 1460, 1461,
	1480, 1488, 1524, 1527, 1562, 1566, 1606, 1629, 1635, 1647, 1659, 1695, 1697, 1726,
	1744, 1750, 1768, 1827, 1837, 1884, 1900, 1905, 1935, 1946, 1949, 1963, 1995,
};

static bool has_short_numbers(const char *digits)
{
	uint64_t area = number_of(digits, 4);

	for (size_t i = 0; i < ARRAY_SIZE(short_areas); i++)
		if (short_areas[i] == area)
			return true;
	return false;
}

bool phone_has_range(char first, char second)
{
	return plan[first - '0'][second - '0'] != 0;
}

static bool is_planned(const char *digits, size_t len)
{
	if (len < 7 || len > 10)
		return false;
	return (plan[digits[0] - '0'][digits[1] - '0'] & DIGITS(len)) ||
	       (len == 9 && has_short_numbers(digits));
}

/**
 * Step over a country code, a `(0)` and the 0.  Spreadsheets lose the 0 of a mobile
 * and the + of a country code.
 *
 * @return  false if the number begins with none of them
 */
static bool skip_trunk(const char **digits, size_t *len, bool plus)
{
	const char *d = *digits;
	size_t skip = 0;

	if (strncmp(d, "44", 2) == 0 && (plus || *len == 12))
		skip = 2;
	else if (!plus && strncmp(d, "0044", 4) == 0)
		skip = 4;
	else if (!plus && d[0] == '0')
		skip = 1;
	else if (plus || d[0] != '7' || *len != 10)
		return false;
	if (skip > 1 && d[skip] == '0') /* +44 (0)20 */
		skip++;
	*digits += skip;
	*len -= skip;
	return true;
}

enum verdict validate_phone(const char *value, size_t len)
{
	struct compact c;
	const char *digits = c.text;
	bool plus = len && value[0] == '+';

	if (!compact_digits(value, len, " -.()+/", &c) || !skip_trunk(&digits, &c.len, plus) ||
	    !is_planned(digits, c.len))
		return VERDICT_REJECT;
	/* 0111 111 111 and 0123 456 789 are what people type into a form to be let on. */
	return all_equal(digits + 1, c.len - 1) || is_run(digits, c.len) ? VERDICT_REJECT
									 : VERDICT_UNDECIDED;
}
