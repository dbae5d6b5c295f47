/* text_page.c - pieces of a line: styles, columns, names and numbers */
#include "text_parts.h"

#include "escape.h"

void page_set(struct page *p, enum style style)
{
	static const char *const codes[STYLES] = { "\x1b[0m",    "\x1b[1m",  "\x1b[2m",
						   "\x1b[1;31m", "\x1b[33m", "\x1b[32m" };

	if (p->options->color)
		buf_add_str(&p->out, codes[style]);
}

void page_say(struct page *p, enum style style, const char *text)
{
	if (style != PLAIN)
		page_set(p, style);
	buf_add_str(&p->out, text);
	if (style != PLAIN)
		page_set(p, PLAIN);
}

void page_spaces(struct page *p, size_t n)
{
	while (n--)
		buf_add_byte(&p->out, ' ');
}

size_t page_columns(const char *text)
{
	return escape_width(text, strlen(text));
}

/** First byte of the character `n` columns into the text. */
static const char *column_at(const char *text, size_t n)
{
	for (; *text; text++)
		if (((unsigned char)*text & 0xC0) != 0x80 && n-- == 0)
			break;
	return text;
}

void page_field(struct page *p, enum style style, const char *text, size_t width)
{
	size_t have = page_columns(text);

	if (style != PLAIN)
		page_set(p, style);
	if (have > width) {
		const char *cut = column_at(text, width ? width - 1 : 0);

		buf_add(&p->out, text, (size_t)(cut - text));
		buf_add_str(&p->out, ELLIPSIS);
		have = width;
	} else {
		buf_add_str(&p->out, text);
	}
	if (style != PLAIN)
		page_set(p, PLAIN);
	page_spaces(p, width - have);
}

size_t page_path(struct page *p, enum style style, const char *name, size_t width)
{
	size_t have = page_columns(name);

	if (have <= width) {
		page_say(p, style, name);
		return have;
	}
	page_say(p, DIM, ELLIPSIS);
	page_say(p, style, column_at(name, have - width + 1));
	return width;
}

const char *page_thousands(uint64_t n, char ret[32])
{
	char *at = ret + 31;
	unsigned digits = 0;

	*at = '\0';
	do {
		if (digits && digits % 3 == 0)
			*--at = ',';
		*--at = (char)('0' + n % 10);
		digits++;
	} while (n /= 10);
	return at;
}

void page_number(struct page *p, uint64_t n, size_t width)
{
	char text[32];
	const char *at = page_thousands(n, text);

	page_spaces(p, width > strlen(at) ? width - strlen(at) : 0);
	buf_add_str(&p->out, at);
}

void page_count_of(struct page *p, uint64_t n, const char *one, const char *many)
{
	page_number(p, n, 0);
	buf_add_byte(&p->out, ' ');
	buf_add_str(&p->out, n == 1 ? one : many);
}

enum style page_severity_style(enum assay_severity s)
{
	return s >= ASSAY_SEVERITY_HIGH ? ALARM : s == ASSAY_SEVERITY_MEDIUM ? WARN : PLAIN;
}
