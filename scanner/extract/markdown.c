/* markdown.c - Markdown: prose as it stands, tables of pipes cell by cell */
#include "extract.h"
#include "fail.h"
#include "feed.h"
#include "plain.h"
#include "table.h"
#include "tablehead.h"

#define WINDOW (64 * KiB)
/* Larger ones are logs and dumps: text as it stands, read by ranges. */
#define DOCUMENT_MAX (16 * MiB)
#define CHAR_BYTES 4

static const struct source derived = { 0, SOURCE_DERIVED };

struct reader {
	struct feed feed;
	struct tablehead head;
	const struct extract_sink *sink;
	bool in_table;
	bool bold; /**< the first cell of the row at hand is */
};

/* ---- lines ---- */

/* Past the end of the line at data[at]; `whole`: nothing follows the window.  0: it is not all
 * there. */
static size_t line_end(const char *data, size_t at, size_t len, bool whole)
{
	const char *feed = memchr(data + at, '\n', len - at);

	return feed ? (size_t)(feed - data) + 1 : whole ? len : 0;
}

/* Take the space and a pipe off both ends of a row. */
static void trim_row(const char **row, size_t *len)
{
	const char *p = *row;
	size_t n = *len;

	while (n && is_space(p[n - 1]))
		n--;
	while (n && is_space(*p))
		p++, n--;
	if (n && *p == '|')
		p++, n--;
	if (n && p[n - 1] == '|' && (n < 2 || p[n - 2] != '\\'))
		n--;
	*row = p;
	*len = n;
}

/* Bytes of the cell at the begin of a row: up to a pipe that is not escaped. */
static size_t cell_len(const char *row, size_t len)
{
	size_t i = 0;

	while (i < len && row[i] != '|')
		i += row[i] == '\\' && i + 1 < len ? 2 : 1;
	return MIN(i, len);
}

static size_t count_cells(const char *row, size_t len)
{
	size_t n = 1;

	trim_row(&row, &len);
	for (size_t at = cell_len(row, len); at < len;
	     at += 1 + cell_len(row + at + 1, len - at - 1))
		n++;
	return n;
}

/* |---|:--:|: what makes a heading of the row above it. */
static bool is_rule(const char *line, size_t len)
{
	bool dash = false, pipe = false;

	for (size_t i = 0; i < len; i++) {
		if (!memchr("|-: \t\r\n", line[i], 7))
			return false;
		dash |= line[i] == '-';
		pipe |= line[i] == '|';
	}
	return dash && pipe;
}

static bool is_heading(const char *line, size_t len, const char *rule, size_t rule_len)
{
	return memchr(line, '|', len) && is_rule(rule, rule_len) &&
	       count_cells(line, len) == count_cells(rule, rule_len);
}

/* ---- tables ---- */

/* Bytes at the begin of a cell that are space or marks of bold and of code. */
static size_t marks_at_begin(const char *cell, size_t len)
{
	size_t n = 0;

	while (n < len && (is_space(cell[n]) || cell[n] == '*' || cell[n] == '`'))
		n++;
	return n;
}

/* Those at its end: a star or a backtick only where one stood at the begin. */
static size_t marks_at_end(const char *cell, size_t len, bool marked)
{
	size_t n = 0;

	while (n < len &&
	       (is_space(cell[len - 1 - n]) || (marked && memchr("*`", cell[len - 1 - n], 2))))
		n++;
	return n;
}

static enum assay_status send_byte(struct reader *r, const char *byte, struct assay_error *err)
{
	struct segment seg = { 0 };

	return sink_text(r->sink, &seg, byte, 1, derived, err);
}

/* Send and consume the cell at the window's begin.  *any: there was one before it. */
static enum assay_status send_cell(struct reader *r, size_t len, bool *any, struct assay_error *err)
{
	struct feed *f = &r->feed;
	size_t front = marks_at_begin(f->data, len);
	bool marked = memchr(f->data, '*', front) || memchr(f->data, '`', front);
	size_t back = marks_at_end(f->data + front, len - front, marked);
	struct segment seg = { 0 };
	enum assay_status st = ASSAY_OK;

	/* A bold label beside its value is no heading, though Markdown has none but the first row.
	 */
	r->bold |= marked && !*any;
	tablehead_cell(&r->head, marked || !r->bold);
	tablehead_text(&r->head, f->data + front, len - front - back);
	seg.field = tablehead_field(&r->head);
	seg.record = tablehead_record(&r->head);
	feed_skip(f, front);
	len -= front + back;
	if (len && *any)
		st = send_byte(r, "\t", err);
	if (len && st == ASSAY_OK)
		st = feed_send(f, len, r->sink, &seg, err);
	*any |= len > 0;
	feed_skip(f, back);
	return st;
}

/* Send and consume a row: the line at the window's begin. */
static enum assay_status send_row(struct reader *r, size_t len, struct assay_error *err)
{
	struct feed *f = &r->feed;
	const char *row = f->data;
	size_t rest = len, front;
	enum assay_status st = ASSAY_OK;
	bool any = false;

	trim_row(&row, &rest);
	front = (size_t)(row - f->data);
	len -= front + rest;
	feed_skip(f, front);
	tablehead_row(&r->head);
	r->bold = false;
	while (rest && st == ASSAY_OK) {
		size_t cell = cell_len(f->data, rest);

		st = send_cell(r, cell, &any, err);
		rest -= cell;
		if (rest) { /* its pipe */
			feed_skip(f, 1);
			rest--;
		}
	}
	if (st != ASSAY_OK)
		return st;
	feed_skip(f, len);
	return send_byte(r, "\n", err);
}

/* The heading at the window's begin, and the rule below it, which says nothing. */
static enum assay_status begin_table(struct reader *r, size_t heading, size_t rule,
				     struct assay_error *err)
{
	enum assay_status st;

	r->in_table = true;
	tablehead_begin(&r->head);
	st = send_row(r, heading, err);
	if (st == ASSAY_OK)
		feed_skip(&r->feed, rule);
	return st;
}

/* A row, or the end of the table: a line without a pipe, or one that is too long. */
static enum assay_status read_row(struct reader *r, struct assay_error *err)
{
	struct feed *f = &r->feed;
	size_t end = line_end(f->data, 0, f->len, f->ended);

	if (end && memchr(f->data, '|', end))
		return send_row(r, end, err);
	tablehead_end(&r->head);
	r->in_table = false;
	return ASSAY_OK;
}

/* ---- prose ---- */

/* Send what is no table, up to the next one or to the last line that is whole: the line that
 * follows may make a heading of it. */
static enum assay_status read_prose(struct reader *r, struct assay_error *err)
{
	struct feed *f = &r->feed;
	struct segment seg = { 0 };
	size_t above = 0, at = 0, end;

	while (at < f->len && (end = line_end(f->data, at, f->len, f->ended))) {
		if (is_heading(f->data + above, at - above, f->data + at, end - at)) {
			enum assay_status st = feed_send(f, above, r->sink, &seg, err);

			return st == ASSAY_OK ? begin_table(r, at - above, end - at, err) : st;
		}
		above = at;
		at = end;
	}
	if (f->ended)
		above = f->len;
	else if (!above) /* a line as long as the window: not amid a character */
		above = f->len > CHAR_BYTES ? f->len - CHAR_BYTES : f->len;
	return feed_send(f, above, r->sink, &seg, err);
}

static enum assay_status read_document(struct reader *r, struct assay_error *err)
{
	for (;;) {
		enum assay_status st = feed_more(&r->feed, WINDOW / 2, err);

		if (st != ASSAY_OK)
			return st;
		if (!r->feed.len)
			return feed_end(&r->feed, err);
		st = r->in_table ? read_row(r, err) : read_prose(r, err);
		if (st != ASSAY_OK)
			return st;
	}
}

static enum assay_status markdown_run(struct input *in, const struct extract_sink *sink,
				      struct assay_error *err)
{
	CLEANUP(mem_freep) struct reader *r = NULL;
	enum assay_status st;

	if (in->size > DOCUMENT_MAX && in->size != INPUT_SIZE_UNKNOWN)
		return plain_send(in, sink, err);
	r = calloc(1, sizeof(*r));
	if (!r)
		return assay_fail_memory(err, "markdown");
	r->sink = sink;
	st = feed_init(&r->feed, in, WINDOW, err);
	r->feed.count_lines = true;
	if (st == ASSAY_OK)
		st = read_document(r, err);
	feed_done(&r->feed);
	tablehead_done(&r->head);
	return st;
}

static const char *const types[] = { "text/markdown", NULL };

const struct extractor markdown_extractor = {
	.name = "markdown",
	.types = types,
	.run = markdown_run,
};
