/* pdf_syntax.c - tokens, values and strings of PDF, over bytes in memory */
#include "pdf_syntax.h"

#include "decode.h"
#include "hex.h"
#include "utf8.h"

/* What ends a dictionary that was never closed: no value is one of these. */
static const char *const structure[] = {
	"obj", "endobj", "stream", "endstream", "trailer", "xref"
};

static bool is_white(uint8_t c)
{
	return !c || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static bool is_sign(uint8_t c)
{
	return c && strchr("()<>[]{}/%", c);
}

static void skip_white(struct pdf_cursor *c)
{
	while (c->at < c->end && (is_white(*c->at) || *c->at == '%')) {
		if (*c->at == '%')
			while (c->at < c->end && *c->at != '\n' && *c->at != '\r')
				c->at++;
		else
			c->at++;
	}
}

/* To the bracket that closes; NULL if none does. */
static const uint8_t *string_end(const uint8_t *at, const uint8_t *end)
{
	unsigned long depth = 0;

	for (; at < end; at++) {
		if (*at == '\\')
			at += end - at > 1;
		else if (*at == '(')
			depth++;
		else if (*at == ')' && !--depth)
			return at + 1;
	}
	return NULL;
}

static uint64_t number_of(const uint8_t *at, const uint8_t *end)
{
	uint64_t n = 0;

	for (; at < end && is_digit((char)*at); at++)
		n = n < UINT64_C(1) << 56 ? n * 10 + (uint64_t)(*at - '0') : n;
	return n;
}

static struct pdf_token sign(const uint8_t *at, const uint8_t *end)
{
	struct pdf_token t = { PDF_WORD, at, 1, 0 };
	bool twice = end - at > 1 && at[1] == at[0];
	const uint8_t *close;

	switch (*at) {
	case '[':
		t.kind = PDF_ARRAY;
		break;
	case ']':
		t.kind = PDF_ARRAY_END;
		break;
	case '>':
		if (twice)
			t = (struct pdf_token){ PDF_DICT_END, at, 2, 0 };
		break;
	case '<':
		if (twice)
			return (struct pdf_token){ PDF_DICT, at, 2, 0 };
		close = memchr(at, '>', (size_t)(end - at));
		t.kind = close ? PDF_HEX : PDF_END;
		t.len = (size_t)((close ? close + 1 : end) - at);
		break;
	case '(':
		close = string_end(at, end);
		t.kind = close ? PDF_STRING : PDF_END;
		t.len = (size_t)((close ? close : end) - at);
		break;
	default:
		break;
	}
	return t;
}

struct pdf_token pdf_next(struct pdf_cursor *c)
{
	struct pdf_token t = { PDF_END, c->at, 0, 0 };
	const uint8_t *at;

	skip_white(c);
	at = c->at;
	if (at == c->end)
		return t;
	if (is_sign(*at) && *at != '/') {
		t = sign(at, c->end);
		c->at += t.len;
		return t;
	}
	for (c->at++; c->at < c->end && !is_white(*c->at) && !is_sign(*c->at);)
		c->at++;
	t.at = at;
	t.len = (size_t)(c->at - at);
	t.kind = *at == '/'                                                      ? PDF_NAME
		 : is_digit((char)*at) || *at == '-' || *at == '+' || *at == '.' ? PDF_NUMBER
										 : PDF_WORD;
	t.number = number_of(at, c->at);
	return t;
}

bool pdf_is(const struct pdf_token *t, const char *word)
{
	return t->len == strlen(word) && !memcmp(t->at, word, t->len);
}

static bool is_structure(const struct pdf_token *t)
{
	for (size_t i = 0; t->kind == PDF_WORD && i < ARRAY_SIZE(structure); i++)
		if (pdf_is(t, structure[i]))
			return true;
	return false;
}

/* Behind what opened it, to what closes it; brackets of the two kinds are not told apart. */
static struct pdf_token nested(struct pdf_cursor *c, struct pdf_token open)
{
	struct pdf_cursor before;

	for (unsigned long depth = 1; depth;) {
		struct pdf_token t;

		before = *c;
		t = pdf_next(c);
		if (t.kind == PDF_END || is_structure(&t)) {
			*c = before;
			return (struct pdf_token){ PDF_END, open.at, 0, 0 };
		}
		depth += t.kind == PDF_DICT || t.kind == PDF_ARRAY;
		depth -= t.kind == PDF_DICT_END || t.kind == PDF_ARRAY_END;
	}
	open.len = (size_t)(c->at - open.at);
	return open;
}

struct pdf_token pdf_value(struct pdf_cursor *c)
{
	struct pdf_token t = pdf_next(c), generation, word;
	struct pdf_cursor ahead = *c;

	if (t.kind == PDF_DICT || t.kind == PDF_ARRAY)
		return nested(c, t);
	if (t.kind != PDF_NUMBER)
		return t;
	generation = pdf_next(&ahead);
	word = generation.kind == PDF_NUMBER ? pdf_next(&ahead) : generation;
	if (word.kind == PDF_WORD && pdf_is(&word, "R")) {
		t.kind = PDF_REFERENCE;
		t.len = (size_t)(ahead.at - t.at);
		*c = ahead;
	}
	return t;
}

bool pdf_entry(struct pdf_cursor *c, struct pdf_token *key, struct pdf_token *value)
{
	struct pdf_cursor before;

	do {
		before = *c;
		*key = pdf_next(c);
		*value = *key;
		if (key->kind == PDF_END || key->kind == PDF_DICT_END)
			return false;
	} while (key->kind != PDF_NAME && !is_structure(key));
	if (key->kind == PDF_NAME) {
		before = *c;
		*value = pdf_value(c);
	}
	if (value->kind != PDF_END && value->kind != PDF_DICT_END && !is_structure(value))
		return true;
	*c = before;
	/* A name that ends the dictionary has no value, and the dictionary is well all the same. */
	if (value->kind == PDF_DICT_END)
		(void)pdf_next(c);
	else
		value->kind = PDF_END;
	return false;
}

const char *pdf_name(const struct pdf_token *t, char *room, size_t cap)
{
	size_t n = 0;

	for (size_t i = 1; i < t->len && n < cap - 1; i++) {
		int high = -1, low = -1;

		if (t->at[i] == '#' && i + 2 < t->len) {
			high = hex_value((char)t->at[i + 1]);
			low = hex_value((char)t->at[i + 2]);
		}
		room[n] = (char)t->at[i];
		if (high >= 0 && low >= 0) {
			room[n] = (char)(high << 4 | low);
			i += 2;
		}
		n += room[n] != '\0';
	}
	room[n] = '\0';
	return room;
}

bool pdf_name_is(const struct pdf_token *t, const char *name)
{
	char room[128];

	return t->kind == PDF_NAME && !strcmp(pdf_name(t, room, sizeof(room)), name);
}

/* --- strings ------------------------------------------------------------------------------ */

static void hex_bytes(const struct pdf_token *t, struct buf *out)
{
	int high = -1;

	for (size_t i = 1; i + 1 < t->len; i++) {
		int digit = hex_value((char)t->at[i]);

		if (digit < 0)
			continue;
		if (high >= 0)
			buf_add_byte(out, (char)(high << 4 | digit));
		high = high < 0 ? digit : -1;
	}
	if (high >= 0)
		buf_add_byte(out, (char)(high << 4));
}

/* One escape at `at`, the backslash; *ret_took bytes of it. */
static void escape(const uint8_t *at, size_t len, size_t *ret_took, struct buf *out)
{
	static const char letters[] = "nrtbf", means[] = "\n\r\t\b\f";
	const char *letter;
	unsigned code = 0;
	size_t n = 1;

	*ret_took = 2;
	if (len < 2)
		return;
	letter = at[1] ? strchr(letters, at[1]) : NULL;
	if (letter) {
		buf_add_byte(out, means[letter - letters]);
	} else if (at[1] == '\r' || at[1] == '\n') {
		/* The line goes on. */
		*ret_took += at[1] == '\r' && len > 2 && at[2] == '\n';
	} else if (at[1] >= '0' && at[1] <= '7') {
		for (; n < len && n < 4 && at[n] >= '0' && at[n] <= '7'; n++)
			code = code * 8 + (unsigned)(at[n] - '0');
		buf_add_byte(out, (char)code);
		*ret_took = n;
	} else {
		buf_add_byte(out, (char)at[1]);
	}
}

static void literal_bytes(const struct pdf_token *t, struct buf *out)
{
	for (size_t i = 1, took; i + 1 < t->len; i += took) {
		took = 1;
		if (t->at[i] == '\\')
			escape(t->at + i, t->len - 1 - i, &took, out);
		else
			buf_add_byte(out, (char)t->at[i]);
	}
}

/* Where PDFDocEncoding is not Latin 1: from 0x18, from 0x80, and the euro. */
static uint32_t doc_code(uint8_t c)
{
	static const uint16_t low[8] = { 0x2D8, 0x2C7, 0x2C6, 0x2D9, 0x2DD, 0x2DB, 0x2DA, 0x2DC };
	static const uint16_t high[31] = { 0x2022, 0x2020, 0x2021, 0x2026, 0x2014, 0x2013, 0x192,
					   0x2044, 0x2039, 0x203A, 0x2212, 0x2030, 0x201E, 0x201C,
					   0x201D, 0x2018, 0x2019, 0x201A, 0x2122, 0xFB01, 0xFB02,
					   0x141,  0x152,  0x160,  0x178,  0x17D,  0x131,  0x142,
					   0x153,  0x161,  0x17E };

	if (c >= 0x18 && c < 0x20)
		return low[c - 0x18];
	if (c >= 0x80 && c < 0x9F)
		return high[c - 0x80];
	return c == 0xA0 ? 0x20AC : c;
}

static void from_doc(const uint8_t *bytes, size_t len, struct buf *out)
{
	char utf8[4];

	for (size_t i = 0; i < len; i++)
		buf_add(out, utf8, utf8_encode(doc_code(bytes[i]), utf8));
}

static void from_utf16(const uint8_t *bytes, size_t len, bool big, struct buf *out)
{
	char room[3 * KiB];
	size_t took;
	bool ascii;

	while (len >= 2) {
		size_t n =
		    utf16_to_utf8(bytes, len & ~(size_t)1, big, room, sizeof(room), &took, &ascii);

		if (!took)
			return;
		buf_add(out, room, n);
		bytes += took;
		len -= took;
	}
}

/* Lines end with LF, whatever ended them. */
static void fold_lines(struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < out->len; i++)
		if (out->data[i] != '\r')
			out->data[n++] = out->data[i];
		else if (i + 1 == out->len || out->data[i + 1] != '\n')
			out->data[n++] = '\n';
	out->len = n;
}

void pdf_string(const struct pdf_token *t, struct buf *out)
{
	CLEANUP(buf_done) struct buf raw = BUF_INIT(t->len + 1);
	const uint8_t *p;

	buf_clear(out);
	if (t->kind == PDF_STRING)
		literal_bytes(t, &raw);
	else
		hex_bytes(t, &raw);
	p = (const uint8_t *)raw.data;
	if (raw.len >= 2 && ((p[0] == 0xFE && p[1] == 0xFF) || (p[0] == 0xFF && p[1] == 0xFE)))
		from_utf16(p + 2, raw.len - 2, p[0] == 0xFE, out);
	else if (raw.len >= 3 && !memcmp(p, "\xEF\xBB\xBF", 3))
		buf_add(out, p + 3, raw.len - 3);
	else if (raw.len && utf8_valid(raw.data, raw.len)) /* not said, but done */
		buf_add(out, raw.data, raw.len);
	else
		from_doc(p, raw.len, out);
	fold_lines(out);
}
