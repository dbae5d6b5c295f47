/* json.c - the writer, and the UTF-8 it needs */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>

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

static void add_escaped(struct buf *out, const char *text, size_t len)
{
	static const char shorts[] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
				       ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\' };

	while (len > 0) {
		uint32_t code;
		size_t took = utf8_decode(text, len, &code);

		if (code == UINT32_MAX)
			buf_add_str(out, "\xEF\xBF\xBD");
		else if (code < sizeof(shorts) && shorts[code])
			buf_printf(out, "\\%c", shorts[code]);
		else if (code < 0x20 || code == 0x7F)
			buf_printf(out, "\\u%04" PRIx32, code);
		else
			buf_add(out, text, took);
		text += took;
		len -= took;
	}
}

static void begin_value(struct json *j, const char *key)
{
	if (j->need_comma)
		buf_add_byte(j->out, ',');
	j->need_comma = true;
	if (!key)
		return;
	buf_add_byte(j->out, '"');
	buf_add_str(j->out, key);
	buf_add_str(j->out, "\":");
}

void json_begin(struct json *j, struct buf *out)
{
	*j = (struct json){ .out = out };
	buf_add_byte(out, '{');
}

void json_end(struct json *j)
{
	buf_add_byte(j->out, '}');
}

void json_strn(struct json *j, const char *key, const char *value, size_t len)
{
	begin_value(j, key);
	buf_add_byte(j->out, '"');
	add_escaped(j->out, value, len);
	buf_add_byte(j->out, '"');
}

void json_str(struct json *j, const char *key, const char *value)
{
	json_strn(j, key, value, strlen(value));
}

void json_int(struct json *j, const char *key, uint64_t value)
{
	begin_value(j, key);
	buf_printf(j->out, "%" PRIu64, value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	begin_value(j, key);
	buf_add_str(j->out, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	begin_value(j, key);
	buf_add_str(j->out, "null");
}

void json_open(struct json *j, const char *key, char bracket)
{
	begin_value(j, key);
	buf_add_byte(j->out, bracket);
	j->need_comma = false;
}

void json_close(struct json *j, char bracket)
{
	buf_add_byte(j->out, bracket);
	j->need_comma = true;
}
