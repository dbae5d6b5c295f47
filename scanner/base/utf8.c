/* utf8.c - characters and their bytes (RFC 3629) */
#include "utf8.h"

size_t utf8_decode(const char *data, size_t len, uint32_t *ret_code)
{
	const unsigned char *p = (const unsigned char *)data;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need;
	uint32_t code;

	if (len == 0)
		return 0;
	*ret_code = p[0];
	if (p[0] < 0x80)
		return 1;
	*ret_code = UINT32_MAX;
	need = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
	if (p[0] < 0xC2 || p[0] > 0xF4 || need > len)
		return 1;
	code = p[0] & (0xFFu >> (need + 1));
	for (size_t i = 1; i < need; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 1;
		code = code << 6 | (p[i] & 0x3F);
	}
	if (code < least[need] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
		return 1;
	*ret_code = code;
	return need;
}

size_t utf8_encode(uint32_t code, char ret[4])
{
	if (code < 0x80) {
		ret[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		ret[0] = (char)(0xC0 | code >> 6);
		ret[1] = (char)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		ret[0] = (char)(0xE0 | code >> 12);
		ret[1] = (char)(0x80 | (code >> 6 & 0x3F));
		ret[2] = (char)(0x80 | (code & 0x3F));
		return 3;
	}
	ret[0] = (char)(0xF0 | code >> 18);
	ret[1] = (char)(0x80 | (code >> 12 & 0x3F));
	ret[2] = (char)(0x80 | (code >> 6 & 0x3F));
	ret[3] = (char)(0x80 | (code & 0x3F));
	return 4;
}

bool utf8_valid(const char *data, size_t len)
{
	while (len > 0) {
		uint32_t code;
		size_t took = utf8_decode(data, len, &code);

		if (code == UINT32_MAX)
			return false;
		data += took;
		len -= took;
	}
	return true;
}
