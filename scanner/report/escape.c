/* escape.c - what a hostile name may not do to a terminal or to its reader */
#include "escape.h"

#include <inttypes.h>

#include "utf8.h"
#include "report.h"

/** Characters that move the cursor, hide text or turn its direction round. */
static const struct {
	uint32_t first, last;
} hostile[] = {
	{ 0x00, 0x1F },       /* C0 */
	{ 0x5C, 0x5C },       /* the backslash itself, so that escapes are unambiguous */
	{ 0x7F, 0x9F },       /* DEL, C1 */
	{ 0xAD, 0xAD },       /* soft hyphen */
	{ 0x61C, 0x61C },     /* Arabic letter mark */
	{ 0x115F, 0x1160 },   /* Hangul fillers */
	{ 0x180E, 0x180E },   /* Mongolian vowel separator */
	{ 0x200B, 0x200F },   /* zero widths, direction marks */
	{ 0x2028, 0x202E },   /* line and paragraph separators, overrides */
	{ 0x2060, 0x206F },   /* invisible operators, isolates */
	{ 0x3164, 0x3164 },   /* Hangul filler */
	{ 0xFE00, 0xFE0F },   /* variation selectors */
	{ 0xFEFF, 0xFEFF },   /* byte order mark */
	{ 0xFFF9, 0xFFFB },   /* interlinear annotation */
	{ 0xE0000, 0xE0FFF }, /* tags, more selectors */
};

static bool is_hostile(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++)
		if (code >= hostile[i].first && code <= hostile[i].last)
			return true;
	return false;
}

static void add_one(struct buf *out, const char *text, size_t took, uint32_t code)
{
	if (code == UINT32_MAX)
		buf_printf(out, "\\x%02x", (unsigned char)text[0]);
	else if (!is_hostile(code))
		buf_add(out, text, took);
	else if (code == '\\')
		buf_add(out, "\\\\", 2);
	else if (code < 0x80)
		buf_printf(out, "\\x%02" PRIx32, code);
	else if (code < 0x10000)
		buf_printf(out, "\\u%04" PRIx32, code);
	else
		buf_printf(out, "\\U%08" PRIx32, code);
}

static bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7F && c != '\\';
}

void escape_add(struct buf *out, const char *text, size_t len)
{
	while (len > 0) {
		size_t took = 0;
		uint32_t code;

		while (took < len && is_plain(text[took]))
			took++;
		if (took) {
			buf_add(out, text, took);
		} else {
			took = utf8_decode(text, len, &code);
			add_one(out, text, took, code);
		}
		text += took;
		len -= took;
	}
}

size_t escape_width(const char *text, size_t len)
{
	size_t columns = 0;

	for (size_t i = 0; i < len; i++)
		columns += ((unsigned char)text[i] & 0xC0) != 0x80;
	return columns;
}

void report_escape(FILE *out, const char *text, size_t len)
{
	CLEANUP(buf_done) struct buf safe = BUF_INIT(4 * KiB);

	/* In pieces: however long the text is, memory stays small.  A piece ends
	 * between characters. */
	while (len > 0) {
		size_t piece = MIN(len, (size_t)512);

		while (piece < len && piece > 500 && ((unsigned char)text[piece] & 0xC0) == 0x80)
			piece--;
		escape_add(&safe, text, piece);
		fwrite(safe.data, 1, safe.len, out);
		buf_clear(&safe);
		text += piece;
		len -= piece;
	}
}
