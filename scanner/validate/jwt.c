/* jwt.c - JSON web tokens (RFC 7519): the header decodes and names an algorithm */
#include "scheme.h"

/** Headers longer than this carry certificates; `alg` stands before them or is not sought. */
#define HEADER_MAX ((size_t)768)

static bool is_base64url(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (base64_value(text[i]) < 0 || text[i] == '+' || text[i] == '/')
			return false;
	return len > 0;
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
	n = base64_read(value, (size_t)(one - value), header, sizeof(header));
	if (n < 2 || header[0] != '{' || (n < sizeof(header) && header[n - 1] != '}'))
		return VERDICT_REJECT;
	return memmem(header, n, "\"alg\"", 5) ? VERDICT_CONFIRM : VERDICT_REJECT;
}
