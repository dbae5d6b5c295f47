/* intelligence.c - grades of intelligence reports, 3x5x2 and 5x5x5 */
#include "scheme.h"

#define PLACES 3

/** The capitals and digits that stand alone: each place in its own box of a form. */
static bool from_boxes(const char *value, size_t len, struct compact *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		bool alone = (i == 0 || !is_alnum(value[i - 1])) &&
			     (i + 1 == len || !is_alnum(value[i + 1]));

		if (!alone || (!is_upper(value[i]) && !is_digit(value[i])))
			continue;
		if (n == PLACES)
			return false;
		ret->text[n++] = value[i];
	}
	return n == PLACES;
}

/** Three places, each within its own letters. */
static enum verdict graded(const char *value, size_t len, const char *const *places)
{
	struct compact c;

	if ((!compact(value, len, " /-", &c) || c.len != PLACES) && !from_boxes(value, len, &c))
		return VERDICT_REJECT;
	for (size_t i = 0; i < PLACES; i++)
		if (!strchr(places[i], c.text[i]))
			return VERDICT_REJECT;
	return VERDICT_UNDECIDED;
}

/* Source 1-3, information A-E, handling P or C. */
enum verdict validate_intel_3x5x2(const char *value, size_t len)
{
	static const char *const places[] = { "123", "ABCDE", "PC" };

	return graded(value, len, places);
}

/* Source A-E, information 1-5, handling 1-5; in use to about 2016. */
enum verdict validate_intel_5x5x5(const char *value, size_t len)
{
	static const char *const places[] = { "ABCDE", "12345", "12345" };

	return graded(value, len, places);
}
