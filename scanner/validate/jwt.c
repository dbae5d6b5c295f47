/* jwt.c - JSON web tokens (RFC 7519): the header decodes and names an algorithm */
#include "scheme.h"

/** Headers longer than this carry certificates; `alg` stands before them or is not sought. */
#define HEADER_MAX ((size_t)768)

static int value_of(char c)
{
	return is_upper(c)   ? c - 'A'
	       : is_lower(c) ? c - 'a' + 26
	       : is_digit(c) ? c - '0' + 52
	       : c == '-'    ? 62
	       : c == '_'    ? 63
			     : -1;
}

static bool is_base64url(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (value_of(text[i]) < 0)
			return false;
	return len > 0;
}

/** Decode as much as fits.  @return  bytes */
static size_t decode(const char *text, size_t len, char *ret, size_t cap)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t n = 0;

	for (size_t i = 0; i < len && n < cap; i++) {
		bits = bits << 6 | (uint32_t)value_of(text[i]);
		have += 6;
		if (have >= 8) {
			have -= 8;
			ret[n++] = (char)(bits >> have & 0xFF);
		}
	}
	return n;
}

enum verdict validate_jwt(const char *value, size_t len)
{
	const char *end = value + len, *one = memchr(value, '.', len), *two;
	char header[HEADER_MAX];
	size_t n;

	if (!one)
		return VERDICT_REJECT;
	two = memchr(one + 1, '.', (size_t)(end - one - 1));
	if (!two || !is_base64url(value, (size_t)(one - value)) ||
	    !is_base64url(one + 1, (size_t)(two - one - 1)) ||
	    !is_base64url(two + 1, (size_t)(end - two - 1)))
		return VERDICT_REJECT;
	n = decode(value, (size_t)(one - value), header, sizeof(header));
	if (n < 2 || header[0] != '{' || (n < sizeof(header) && header[n - 1] != '}'))
		return VERDICT_REJECT;
	return memmem(header, n, "\"alg\"", 5) ? VERDICT_CONFIRM : VERDICT_REJECT;
}
