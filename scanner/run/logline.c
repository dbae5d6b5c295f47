/* logline.c - JSON values with ceilings */
#include "logline.h"

#include "hex.h"
#include "utf8.h"

#define ELLIPSIS "\xE2\x80\xA6"
#define REPLACEMENT "\xEF\xBF\xBD"

/** Printable ASCII that JSON takes as it is. */
static inline bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/** The escape of one character, or the character itself.  @return  bytes in `ret` */
static size_t escape_one(const char *text, size_t took, uint32_t code, char ret[8])
{
	static const char shorts[] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
				       ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\' };

	if (code == UINT32_MAX) {
		memcpy(ret, REPLACEMENT, 3);
		return 3;
	}
	if (code < sizeof(shorts) && shorts[code]) {
		ret[0] = '\\';
		ret[1] = shorts[code];
		return 2;
	}
	if (code < 0x20 || code == 0x7F) {
		memcpy(ret, "\\u00", 4);
		hex_text(&(uint8_t){ (uint8_t)code }, 2, ret + 4);
		return 6;
	}
	memcpy(ret, text, took);
	return took;
}

bool line_text(struct buf *l, const char *text, size_t len, size_t max)
{
	bool utf8 = true;

	buf_add_byte(l, '"');
	while (len > 0) {
		size_t run = 0, took, add;
		uint32_t code;
		char bytes[8];

		while (run < len && run < max && is_plain(text[run]))
			run++;
		buf_add(l, text, run);
		text += run;
		len -= run;
		max -= run;
		if (len == 0)
			break;
		took = utf8_decode(text, len, &code);
		add = escape_one(text, took, code, bytes);
		if (add > max)
			break;
		utf8 = utf8 && code != UINT32_MAX;
		buf_add(l, bytes, add);
		text += took;
		len -= took;
		max -= add;
	}
	if (len > 0)
		line_lit(l, ELLIPSIS);
	buf_add_byte(l, '"');
	return utf8 && len == 0;
}

void line_str(struct buf *l, const char *text, size_t max)
{
	if (text)
		line_text(l, text, strlen(text), max);
	else
		line_lit(l, "null");
}

void line_int(struct buf *l, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + value % 10);
	while (value /= 10);
	buf_add(l, digits + at, sizeof(digits) - at);
}

void line_bool(struct buf *l, bool value)
{
	if (value)
		line_lit(l, "true");
	else
		line_lit(l, "false");
}

void line_hex(struct buf *l, const uint8_t *bytes, size_t len)
{
	char *at = buf_reserve(l, 2 * len + 2);

	if (!at)
		return;
	at[0] = '"';
	hex_text(bytes, 2 * len, at + 1);
	at[1 + 2 * len] = '"';
	l->len += 2 * len + 2;
}

void line_base64(struct buf *l, const char *bytes, size_t len)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)bytes;

	buf_add_byte(l, '"');
	for (size_t i = 0; i < len; i += 3) {
		size_t have = MIN(len - i, (size_t)3);
		uint32_t v = (uint32_t)p[i] << 16;
		char quad[4];

		v |= have > 1 ? (uint32_t)p[i + 1] << 8 : 0;
		v |= have > 2 ? p[i + 2] : 0;
		for (unsigned b = 0; b < 4; b++)
			quad[b] = b <= have ? alphabet[v >> (18 - 6 * b) & 63] : '=';
		buf_add(l, quad, sizeof(quad));
	}
	buf_add_byte(l, '"');
}

void line_list(struct buf *l, const char *joined, size_t max)
{
	size_t end = l->len + max;
	const char *separator = "";

	buf_add_byte(l, '[');
	while (joined && *joined && l->len < end) {
		const char *stop = strstr(joined, "; ");
		size_t len = stop ? (size_t)(stop - joined) : strlen(joined);

		buf_add_str(l, separator);
		line_text(l, joined, len, end - l->len);
		separator = ",";
		joined = stop ? stop + 2 : NULL;
	}
	buf_add_byte(l, ']');
}

static char *put_digits(char *at, unsigned value, unsigned digits)
{
	for (unsigned i = digits; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + digits;
}

void line_time(struct buf *l, time_t seconds, unsigned ms)
{
	char text[32], *at = text;
	struct tm t;

	if (!gmtime_r(&seconds, &t) || t.tm_year < -1900 || t.tm_year > 9999 - 1900) {
		line_lit(l, "null");
		return;
	}
	*at++ = '"';
	at = put_digits(at, (unsigned)(t.tm_year + 1900), 4);
	*at++ = '-';
	at = put_digits(at, (unsigned)(t.tm_mon + 1), 2);
	*at++ = '-';
	at = put_digits(at, (unsigned)t.tm_mday, 2);
	*at++ = 'T';
	at = put_digits(at, (unsigned)t.tm_hour, 2);
	*at++ = ':';
	at = put_digits(at, (unsigned)t.tm_min, 2);
	*at++ = ':';
	at = put_digits(at, (unsigned)t.tm_sec, 2);
	if (ms < 1000) {
		*at++ = '.';
		at = put_digits(at, ms, 3);
	}
	*at++ = 'Z';
	*at++ = '"';
	buf_add(l, text, (size_t)(at - text));
}
