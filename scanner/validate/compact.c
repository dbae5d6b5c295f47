/* compact.c - values without their separators, and what many schemes ask of them */
#include "scheme.h"

bool compact(const char *value, size_t len, const char *separators, struct compact *ret)
{
	char separator = '\0'; /* the last one: most values have one kind */
	size_t n = 0;

	ret->has_lower = ret->has_upper = false;
	for (size_t i = 0; i < len; i++) {
		char c = value[i];

		if (!is_alnum(c)) {
			if (!c || (c != separator && !strchr(separators, c)))
				return false;
			separator = c;
			continue;
		}
		if (n == COMPACT_MAX)
			return false;
		if (!is_digit(c)) {
			ret->has_lower |= is_lower(c);
			ret->has_upper |= is_upper(c);
		}
		ret->text[n++] = to_upper(c);
	}
	ret->text[n] = '\0';
	ret->len = n;
	return true;
}

bool compact_digits(const char *value, size_t len, const char *separators, struct compact *ret)
{
	return compact(value, len, separators, ret) && ret->len > 0 && !ret->has_lower &&
	       !ret->has_upper;
}

bool has_form(const char *text, size_t len, const char *form)
{
	if (strlen(form) != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool ok = form[i] == '9'   ? is_digit(text[i])
			  : form[i] == 'A' ? is_upper(text[i])
			  : form[i] == '*' ? is_digit(text[i]) || is_upper(text[i])
					   : text[i] == form[i];
		if (!ok)
			return false;
	}
	return true;
}

uint64_t number_of(const char *digits, size_t len)
{
	uint64_t n = 0;

	for (size_t i = 0; i < len; i++)
		n = n * 10 + (uint64_t)(digits[i] - '0');
	return n;
}

bool all_digits(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_digit(text[i]))
			return false;
	return len > 0;
}

bool all_equal(const char *text, size_t len)
{
	for (size_t i = 1; i < len; i++)
		if (text[i] != text[0])
			return false;
	return len > 0;
}

bool is_run(const char *digits, size_t len)
{
	int step = len > 1 ? (digits[1] - digits[0] + 10) % 10 : 0;

	if (step != 1 && step != 9)
		return false;
	for (size_t i = 2; i < len; i++)
		if ((digits[i] - digits[i - 1] + 10) % 10 != step)
			return false;
	return true;
}

bool is_listed(const char *word, size_t len, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(list[i]) == len && memcmp(list[i], word, len) == 0)
			return true;
	return false;
}

/* For rules whose pattern says all there is to say. */
enum verdict validate_none(const char *value, size_t len)
{
	(void)value;
	(void)len;
	return VERDICT_UNDECIDED;
}
