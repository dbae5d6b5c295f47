/* hex.c - bytes as digits of base 16 */
#include "hex.h"

void hex_text(const uint8_t *bytes, size_t digits, char *ret_text)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < digits; i++)
		ret_text[i] = hex[bytes[i / 2] >> (i % 2 ? 0 : 4) & 15];
	ret_text[digits] = '\0';
}
