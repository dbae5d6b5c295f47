/* base64.c - base 64 of either alphabet (RFC 4648) into a buffer of the caller's */
#include "scheme.h"

int base64_value(char c)
{
	return is_upper(c)            ? c - 'A'
	       : is_lower(c)          ? c - 'a' + 26
	       : is_digit(c)          ? c - '0' + 52
	       : c == '-' || c == '+' ? 62
	       : c == '_' || c == '/' ? 63
				      : -1;
}

size_t base64_read(const char *text, size_t len, char *ret, size_t cap)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t n = 0;

	for (size_t i = 0; i < len && n < cap && base64_value(text[i]) >= 0; i++) {
		bits = bits << 6 | (uint32_t)base64_value(text[i]);
		have += 6;
		if (have >= 8) {
			have -= 8;
			ret[n++] = (char)(bits >> have & 0xFF);
		}
	}
	return n;
}
