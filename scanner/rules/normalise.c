/* normalise.c - the bytes of a value that count when it is compared or hashed */
#include "ruleset.h"

static bool keeps(enum normalise how, char c)
{
	switch (how) {
	case NORMALISE_DIGITS:
		return is_digit(c);
	case NORMALISE_ALNUM_UPPER:
		return is_alnum(c);
	case NORMALISE_EMAIL:
		return !is_space(c);
	default:
		return true;
	}
}

static char shown_as(enum normalise how, char c)
{
	switch (how) {
	case NORMALISE_ALNUM_UPPER:
		return to_upper(c);
	case NORMALISE_EMAIL:
		return to_lower(c);
	default:
		return c;
	}
}

size_t rule_normalise(enum normalise how, const char *value, size_t len, char *ret, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < len && n < cap; i++)
		if (keeps(how, value[i]))
			ret[n++] = shown_as(how, value[i]);
	return n;
}
