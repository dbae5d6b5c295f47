/* mrz.c - machine readable zones (ICAO Doc 9303): weights 7, 3, 1, mod 10 */
#include "scheme.h"

/** A part of the zone, from its first byte. */
struct part {
	unsigned char at, len;
};

static int value_of(char c)
{
	return is_digit(c) ? c - '0' : c == '<' ? 0 : is_upper(c) ? c - 'A' + 10 : -1;
}

/** The check digit over parts of `zone`, or -1 if a byte cannot stand there. */
static int check_of(const char *zone, const struct part *parts, size_t n)
{
	static const int weights[] = { 7, 3, 1 };
	unsigned at = 0;
	int sum = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < parts[i].len; j++) {
			int v = value_of(zone[parts[i].at + j]);

			if (v < 0)
				return -1;
			sum += v * weights[at++ % 3];
		}
	return sum % 10;
}

static bool checks(const char *zone, size_t digit_at, const struct part *parts, size_t n)
{
	return zone[digit_at] - '0' == check_of(zone, parts, n);
}

/** A part followed by its check digit. */
static bool part_checks(const char *zone, size_t at, size_t len)
{
	struct part part = { (unsigned char)at, (unsigned char)len };

	return checks(zone, at + len, &part, 1);
}

/** Two dates as YYMMDD; the month and day of a birth may be unknown. */
static bool dates_fit(const char *birth, const char *expiry)
{
	return has_form(expiry, 6, "999999") && is_digit(birth[0]) && is_digit(birth[1]) &&
	       (birth[2] == '<' || (all_digits(birth, 6) && number_of(birth + 2, 2) <= 12 &&
				    number_of(birth + 4, 2) <= 31)) &&
	       number_of(expiry + 2, 2) <= 12 && number_of(expiry + 4, 2) <= 31;
}

/** Document number, birth and expiry, as TD3, TD2 and visas have them in line 2. */
static bool second_line_checks(const char *line)
{
	return part_checks(line, 0, 9) && part_checks(line, 13, 6) && part_checks(line, 21, 6) &&
	       dates_fit(line + 13, line + 21);
}

static bool td3_line(const char *line)
{
	static const struct part all[] = { { 0, 10 }, { 13, 7 }, { 21, 22 } };
	struct part optional = { 28, 14 };

	return second_line_checks(line) && checks(line, 43, all, ARRAY_SIZE(all)) &&
	       (line[42] == '<' ? check_of(line, &optional, 1) == 0
				: checks(line, 42, &optional, 1));
}

static bool td2_line(const char *line)
{
	static const struct part all[] = { { 0, 10 }, { 13, 7 }, { 21, 14 } };

	return second_line_checks(line) && checks(line, 35, all, ARRAY_SIZE(all));
}

/** Three lines of 30 as one run. */
static bool td1_zone(const char *zone)
{
	static const struct part all[] = { { 5, 25 }, { 30, 7 }, { 38, 7 }, { 48, 11 } };

	/* A document number longer than nine goes on in the optional part, and `<`
	 * stands for its check digit: then the composite alone speaks. */
	return (zone[14] == '<' || part_checks(zone, 5, 9)) && part_checks(zone, 30, 6) &&
	       part_checks(zone, 38, 6) && dates_fit(zone + 30, zone + 38) &&
	       checks(zone, 59, all, ARRAY_SIZE(all));
}

static bool zone_checks(const char *zone, size_t len)
{
	switch (len) {
	case 90:
		return td1_zone(zone);
	case 88: /* visas of type A have no composite digit */
		return zone[0] == 'V' ? second_line_checks(zone + 44) : td3_line(zone + 44);
	case 72:
		return zone[0] == 'V' ? second_line_checks(zone + 36) : td2_line(zone + 36);
	case 44:
		return td3_line(zone);
	case 36:
		return td2_line(zone);
	default:
		return false;
	}
}

/** One to three lines, or a second line alone; white space between and within is dropped. */
enum verdict validate_mrz(const char *value, size_t len)
{
	char zone[90];
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		if (is_space(value[i]))
			continue;
		if (used == sizeof(zone) || value_of(value[i]) < 0)
			return VERDICT_REJECT;
		zone[used++] = value[i];
	}
	return zone_checks(zone, used) ? VERDICT_CONFIRM : VERDICT_REJECT;
}
