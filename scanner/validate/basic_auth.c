/* basic_auth.c - credentials of HTTP's Basic scheme (RFC 7617): user:password in base 64 */
#include "scheme.h"

#define CREDENTIALS_MAX 192

enum verdict validate_basic_auth(const char *value, size_t len)
{
	char plain[CREDENTIALS_MAX];
	size_t n = base64_read(value, len, plain, sizeof(plain));
	const char *colon = memchr(plain, ':', n);

	if (!colon || colon == plain || n == sizeof(plain))
		return VERDICT_REJECT;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)plain[i] < ' ')
			return VERDICT_REJECT;
	/* A word is a password here as well: what stands here was sent as one. */
	return n - (size_t)(colon + 1 - plain) >= 4 ? VERDICT_CONFIRM : VERDICT_REJECT;
}
