/* csv.c - delimited text: headings, then the text itself */
#include "csv.h"

#include "decode.h"
#include "delimited.h"
#include "extract.h"
#include "fail.h"
#include "feed.h"
#include "plain.h"
#include "table.h"

#define HEADING_MAX 80
#define SNIFF_BYTES (64 * KiB)

void csv_head_done(struct csv_head *h)
{
	buf_done(&h->text);
	h->fields_len = 0;
}

/* Append a cell without its quotes, and a NUL. */
static bool add_cell(struct buf *text, const char *cell, size_t len)
{
	while (len && is_space(cell[0]))
		cell++, len--;
	while (len && is_space(cell[len - 1]))
		len--;
	if (len >= 2 && cell[0] == '"' && cell[len - 1] == '"')
		cell++, len -= 2;
	for (size_t i = 0; i < len; i++) {
		if (cell[i] == '"' && i + 1 < len && cell[i + 1] == '"')
			i++;
		if (!buf_add_byte(text, cell[i] ? cell[i] : ' '))
			return false;
	}
	return buf_add(text, "", 1);
}

/* Words rather than a number, a date or an address? */
static bool is_wordy(const char *text, size_t len, size_t *ret_letters)
{
	size_t digits = 0, letters = 0;

	for (size_t i = 0; i < len; i++) {
		digits += is_digit(text[i]);
		letters += is_letter(text[i]) || (text[i] & 0x80);
		if (text[i] == '@')
			return false;
	}
	*ret_letters = letters;
	return digits <= letters;
}

/* May this be a heading: short, and words? */
static bool heading_like(const char *cell)
{
	size_t len = strlen(cell), letters;

	return len <= HEADING_MAX && is_wordy(cell, len, &letters) && (letters || !len);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Headings are distinct, but for those left empty, and not all are. */
static bool distinct(const struct csv_head *h)
{
	CLEANUP(mem_freep) const char **sorted = calloc(h->fields_len, sizeof(*sorted));
	bool any = false;

	if (!sorted)
		return false;
	memcpy(sorted, h->fields, h->fields_len * sizeof(*sorted));
	qsort(sorted, h->fields_len, sizeof(*sorted), by_text);
	for (size_t i = 0; i < h->fields_len; i++) {
		if (!sorted[i][0])
			continue;
		any = true;
		if (i && !strcmp(sorted[i], sorted[i - 1]))
			return false;
	}
	return any;
}

static bool are_headings(const struct csv_head *h)
{
	for (size_t i = 0; i < h->fields_len; i++)
		if (!heading_like(h->fields[i]))
			return false;
	return distinct(h);
}

/* Cut the first record into cells; the pointers are set when the text lies still. */
static bool split_record(struct csv_head *h, const char *record, size_t len)
{
	size_t at = 0, end;
	const char *cell;

	while (h->fields_len < CSV_MAX_FIELDS) {
		if (!delimited_cell(record, len, at, h->delimiter, &end) ||
		    !add_cell(&h->text, record + at, end - at))
			return false;
		h->fields_len++;
		if (end >= len || record[end] != h->delimiter)
			break;
		at = end + 1;
	}
	cell = h->text.data;
	for (size_t i = 0; i < h->fields_len; i++) {
		h->fields[i] = cell;
		cell += strlen(cell) + 1;
	}
	return true;
}

static bool sniff_here(const char *head, size_t len, bool whole, struct csv_head *ret)
{
	struct delimited d;

	if (!delimited_sniff(head, len, whole, true, &d))
		return false;
	ret->delimiter = d.delimiter;
	ret->columns = d.columns;
	ret->fields_len = 0;
	ret->text = (struct buf)BUF_INIT(SNIFF_BYTES);
	if (!split_record(ret, head + d.first, d.first_len) || !are_headings(ret))
		csv_head_done(ret);
	return true;
}

/* ---- titles above the headings ---- */

/* Lines of titles: a report's name, its marking, when it was run. */
#define TITLES_MAX 12
#define HEADINGS_MIN 3

static unsigned filled_headings(const struct csv_head *h)
{
	unsigned n = 0;

	for (size_t i = 0; i < h->fields_len; i++)
		n += h->fields[i][0] != '\0';
	return n;
}

/* Cells with something in them, of the line at `at`. */
static unsigned filled_cells(const char *head, size_t len, size_t at, char delimiter)
{
	unsigned n = 0;
	size_t end = at;

	for (; at < len && delimited_cell(head, len, at, delimiter, &end); at = end + 1) {
		bool filled = false;

		for (size_t i = at; i < end; i++)
			filled |= !is_space(head[i]) && head[i] != '"';
		n += filled;
		if (end >= len || head[end] != delimiter)
			break;
	}
	return n;
}

/* Are the lines above data[at] titles of a table so wide? */
static bool are_titles(const char *head, size_t at, const struct csv_head *h)
{
	for (size_t line = 0; line < at;) {
		const char *feed = memchr(head + line, '\n', at - line);

		if (filled_cells(head, at, line, h->delimiter) * 2 > h->fields_len)
			return false;
		line = feed ? (size_t)(feed - head) + 1 : at;
	}
	return true;
}

/*
 * What are words cell by cell are words as a line: most rows of a table need not be sniffed
 * at.  Where a line quotes, or has room for more cells than are looked at, it may be.
 */
static bool may_be_headings(const char *line, size_t len)
{
	const char *end = memchr(line, '\r', len);
	size_t letters;

	len = end ? (size_t)(end - line) : len;
	return len >= CSV_MAX_FIELDS || memchr(line, '"', len) || is_wordy(line, len, &letters);
}

/* Full headings some lines down, beneath what is no more than a title. */
static bool sniff_below(const char *head, size_t len, bool whole, struct csv_head *ret)
{
	size_t at = 0;

	for (unsigned i = 0; i < TITLES_MAX; i++) {
		const char *feed = memchr(head + at, '\n', len - at);

		if (!feed || (at = (size_t)(feed - head) + 1) == len)
			return false;
		feed = memchr(head + at, '\n', len - at);
		if (!may_be_headings(head + at, feed ? (size_t)(feed - head) - at : len - at) ||
		    !sniff_here(head + at, len - at, whole, ret))
			continue;
		if (ret->fields_len >= HEADINGS_MIN && filled_headings(ret) == ret->fields_len &&
		    are_titles(head, at, ret))
			return true;
		csv_head_done(ret);
	}
	return false;
}

bool csv_sniff(const char *head, size_t len, bool whole, struct csv_head *ret)
{
	struct csv_head below;
	bool here = sniff_here(head, len, whole, ret);

	if ((here && ret->fields_len && filled_headings(ret) * 2 > ret->fields_len) ||
	    !sniff_below(head, len, whole, &below))
		return here;
	if (here)
		csv_head_done(ret);
	*ret = below;
	return true;
}

/* The head as UTF-8, in `wide` if it has to be converted. */
static enum assay_status utf8_head(struct input *in, struct buf *wide, const char **ret_head,
				   size_t *ret_len, struct assay_error *err)
{
	const uint8_t *head;
	struct input mem;
	size_t len;
	enum assay_status st = input_head(in, &head, &len, err);
	struct encoding e;
	struct feed f;

	if (st == ASSAY_OK)
		st = input_encoding(in, &e, err);
	if (st != ASSAY_OK)
		return st;
	*ret_head = (const char *)head + e.bom;
	*ret_len = len - e.bom;
	if (e.charset == CHARSET_ASCII_KIN || e.charset == CHARSET_BINARY)
		return ASSAY_OK;
	input_from_mem(&mem, head, len);
	st = feed_init(&f, &mem, SNIFF_BYTES, err);
	if (st == ASSAY_OK)
		st = feed_more(&f, SNIFF_BYTES / 2, err);
	if (st == ASSAY_OK && !buf_add(wide, f.data, MIN(f.len, wide->limit)))
		st = assay_fail_memory(err, "csv head");
	feed_done(&f);
	*ret_head = wide->data;
	*ret_len = wide->len;
	return st;
}

static enum assay_status csv_run(struct input *in, const struct extract_sink *sink,
				 struct assay_error *err)
{
	CLEANUP(buf_done) struct buf wide = BUF_INIT(2 * SNIFF_BYTES);
	struct csv_head h;
	const char *head;
	size_t len;
	enum assay_status st = utf8_head(in, &wide, &head, &len, err);

	if (st != ASSAY_OK)
		return st;
	if (csv_sniff(head, len, len < SNIFF_BYTES / 4, &h)) {
		struct grid grid = { .delimiter = h.delimiter,
				     .fields = h.fields,
				     .fields_len = h.fields_len };

		st = sink_grid(sink, &grid, err);
		csv_head_done(&h);
	}
	return st == ASSAY_OK ? plain_send(in, sink, err) : st;
}

static const char *const types[] = { "text/csv", "text/tab-separated-values", NULL };

const struct extractor csv_extractor = {
	.name = "csv",
	.types = types,
	.run = csv_run,
};
