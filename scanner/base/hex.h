/** hex.h - digits of base 16 */
#ifndef HEX_H
#define HEX_H

#include "base.h"

/** @return  0 to 15, or -1 for what is no digit of either case */
static inline int hex_value(char c)
{
	unsigned letter = (unsigned char)((c | 0x20) - 'a');

	return is_digit(c) ? c - '0' : letter < 6 ? (int)letter + 10 : -1;
}

static inline bool is_hex(char c)
{
	return hex_value(c) >= 0;
}

/** The first `digits` of the bytes in lower case, and a NUL. */
void hex_text(const uint8_t *bytes, size_t digits, char *ret_text);

#endif
