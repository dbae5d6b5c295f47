/* write.c - text for a terminal: columns, wrapped paragraphs, nothing unprintable */
#include "write.h"

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7F;
}

static char short_escape(char c)
{
	return c == '\n' ? 'n' : c == '\t' ? 't' : c == '\r' ? 'r' : '\0';
}

static size_t width_of(const char *text, size_t len)
{
	size_t width = 0;

	for (size_t i = 0; i < len; i++) {
		if (is_control(text[i]))
			width += short_escape(text[i]) ? 2 : 4;
		else
			width += ((unsigned char)text[i] & 0xC0) != 0x80;
	}
	return width;
}

size_t write_width(const char *text)
{
	return width_of(text, strlen(text));
}

static void put(FILE *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!is_control(text[i]))
			fputc(text[i], out);
		else if (short_escape(text[i]))
			fprintf(out, "\\%c", short_escape(text[i]));
		else
			fprintf(out, "\\x%02X", (unsigned char)text[i]);
	}
}

void write_escaped(FILE *out, const char *text)
{
	put(out, text, strlen(text));
}

void write_padded(FILE *out, const char *text, size_t width)
{
	size_t used = write_width(text);

	write_escaped(out, text);
	if (used < width)
		fprintf(out, "%*s", (int)(width - used), "");
}

/** Lines that are being filled. */
struct filling {
	FILE *out;
	size_t col, indent;
	bool is_fresh; /**< nothing on this line yet */
};

static void fill(struct filling *f, const char *word, size_t len)
{
	size_t width = width_of(word, len);

	if (!f->is_fresh && f->col + 1 + width > WRITE_WIDTH) {
		fprintf(f->out, "\n%*s", (int)f->indent, "");
		f->col = f->indent;
		f->is_fresh = true;
	}
	if (!f->is_fresh) {
		fputc(' ', f->out);
		f->col++;
	}
	put(f->out, word, len);
	f->col += width;
	f->is_fresh = false;
}

static void fill_words(struct filling *f, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, " ");

		if (len)
			fill(f, text, len);
		text += len + (text[len] == ' ');
	}
}

void write_wrapped(FILE *out, const char *text, size_t col, size_t indent)
{
	struct filling f = { out, col, indent, true };

	fill_words(&f, text);
	fputc('\n', out);
}

void write_list(FILE *out, const char *const *items, size_t len, size_t col, size_t indent)
{
	struct filling f = { out, col, indent, true };

	for (size_t i = 0; i < len; i++) {
		size_t item = strlen(items[i]);

		if (item + indent + 1 <= WRITE_WIDTH)
			fill(&f, items[i], item);
		else
			fill_words(&f, items[i]);
		if (i + 1 < len) {
			fputc(',', out);
			f.col++;
		}
	}
	fputc('\n', out);
}
