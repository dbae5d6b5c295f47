/* luhn.c - the check digit of ISO/IEC 7812-1 */
#include "scheme.h"

bool luhn_holds(const char *digits, size_t len)
{
	unsigned sum = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned d = (unsigned)(digits[len - 1 - i] - '0') << (i & 1);

		sum += d > 9 ? d - 9 : d;
	}
	return sum % 10 == 0;
}

/* One digit has nothing to check. */
enum verdict validate_luhn(const char *value, size_t len)
{
	struct compact c;

	if (!compact_digits(value, len, " -", &c) || c.len < 2 || !luhn_holds(c.text, c.len))
		return VERDICT_REJECT;
	return VERDICT_CONFIRM;
}
