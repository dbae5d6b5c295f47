/* base64.c - base64 to bytes */
#include "base64.h"

static int digit_of(char c)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

size_t base64_decode(const char *text, size_t len, struct buf *out)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t i = 0;

	for (; i < len; i++) {
		int digit = digit_of(text[i]);

		if (is_blank(text[i]))
			continue;
		if (digit < 0)
			break;
		bits = bits << 6 | (uint32_t)digit;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_add_byte(out, (char)(bits >> have));
		}
	}
	return i;
}
