/* date_of_birth.c - dates on which someone living may have been born */
#include "scheme.h"

#define YEAR_FIRST 1900

/** A number or a word of a date. */
struct token {
	char text[12];
	size_t len;
};

/** Month by its first three letters, the rest as in full. */
static unsigned month_named(const struct token *t)
{
	static const char *const months[] = {
		"JANUARY", "FEBRUARY", "MARCH",     "APRIL",   "MAY",      "JUNE",
		"JULY",    "AUGUST",   "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER",
	};

	if (t->len < 3)
		return 0;
	for (unsigned i = 0; i < ARRAY_SIZE(months); i++)
		if (t->len <= strlen(months[i]) && strncmp(t->text, months[i], t->len) == 0)
			return i + 1;
	return 0;
}

static bool is_noise(const struct token *t)
{
	static const char *const noise[] = { "ST", "ND", "RD", "TH", "OF" };

	return is_listed(t->text, t->len, noise, ARRAY_SIZE(noise));
}

/**
 * Cut a date into numbers and words; ordinal endings and `of` are left out.
 *
 * @return  how many of at most `cap`; 0 if it is none of a date's business
 */
static size_t tokens_of(const char *value, size_t len, struct token *ret, size_t cap)
{
	size_t n = 0, at = 0;

	while (at < len) {
		struct token t = { .len = 0 };
		bool digits = is_digit(value[at]);

		if (!is_alnum(value[at])) {
			if (!is_space(value[at]) && !strchr("/.-,'", value[at]))
				return 0;
			at++;
			continue;
		}
		while (at < len && is_alnum(value[at]) && is_digit(value[at]) == digits) {
			if (t.len + 1 == sizeof(t.text))
				return 0;
			t.text[t.len++] = to_upper(value[at++]);
		}
		if (is_noise(&t))
			continue;
		if (n == cap)
			return 0;
		ret[n++] = t;
	}
	return n;
}

/** A year in full, or the last of two digits that has been. */
static unsigned year_of(const struct token *t, unsigned this_year)
{
	unsigned year = (unsigned)number_of(t->text, t->len);

	if (t->len == 4)
		return year;
	if (t->len != 2)
		return 0;
	return year + (2000 + year <= this_year ? 2000 : 1900);
}

/** Day, month and year in their order of places; a month may be a word. */
static bool read_three(const struct token *d, const struct token *m, const struct token *y,
		       unsigned this_year, struct day *ret)
{
	if (!all_digits(d->text, d->len) || !all_digits(y->text, y->len) || d->len > 2)
		return false;
	ret->day = (unsigned)number_of(d->text, d->len);
	if (all_digits(m->text, m->len))
		ret->month = m->len <= 2 ? (unsigned)number_of(m->text, m->len) : 0;
	else
		ret->month = month_named(m);
	ret->year = year_of(y, this_year);
	return true;
}

/** Eight digits: YYYYMMDD, or DDMMYYYY; six: DDMMYY. */
static bool read_solid(const struct token *t, unsigned this_year, struct day *ret)
{
	struct token d = { .len = 2 }, m = { .len = 2 }, y = { .len = 2 };
	bool year_first = t->len == 8 && (t->text[0] == '1' || t->text[0] == '2') &&
			  (memcmp(t->text, "19", 2) == 0 || memcmp(t->text, "20", 2) == 0) &&
			  number_of(t->text + 4, 2) <= 12;

	if (!all_digits(t->text, t->len) || (t->len != 8 && t->len != 6))
		return false;
	y.len = t->len - 4;
	memcpy(y.text, t->text + (year_first ? 0 : 4), y.len);
	memcpy(m.text, t->text + (year_first ? 4 : 2), 2);
	memcpy(d.text, t->text + (year_first ? 6 : 0), 2);
	return read_three(&d, &m, &y, this_year, ret);
}

static bool is_after(const struct day *a, const struct day *b)
{
	if (a->year != b->year)
		return a->year > b->year;
	return a->month != b->month ? a->month > b->month : a->day > b->day;
}

enum verdict validate_date_of_birth(const char *value, size_t len)
{
	struct token t[3];
	struct day now = today(), born;
	size_t n = tokens_of(value, len, t, ARRAY_SIZE(t));
	bool read;

	if (n == 1)
		read = read_solid(&t[0], now.year, &born);
	else if (n != 3)
		return VERDICT_REJECT;
	else if (t[0].len == 4 && all_digits(t[0].text, 4)) /* 1985-02-01 */
		read = read_three(&t[2], &t[1], &t[0], now.year, &born);
	else if (!all_digits(t[0].text, t[0].len)) /* February 1, 1985 */
		read = read_three(&t[1], &t[0], &t[2], now.year, &born);
	else
		read = read_three(&t[0], &t[1], &t[2], now.year, &born);
	if (!read || born.year < YEAR_FIRST || !is_calendar_day(born.year, born.month, born.day) ||
	    is_after(&born, &now))
		return VERDICT_REJECT;
	return VERDICT_UNDECIDED;
}
