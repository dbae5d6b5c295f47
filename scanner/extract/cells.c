/* cells.c - the cells of a sheet, as rows of text under their headings */
#include "cells.h"

#include <stdio.h>

#include "fail.h"
#include "serialdate.h"
#include "tablehead.h"

/* Rows in which headings are looked for. */
#define HEADING_ROWS 10
#define HEADING_BYTES 120

enum assay_status cells_init(struct cells *c, struct textout *out, struct assay_error *err)
{
	*c = (struct cells){ .out = out,
			     .headings = BUF_INIT(4 * MiB),
			     .candidates = BUF_INIT(4 * MiB) };
	c->heading_at = calloc(CELLS_COLUMNS_MAX + 1, sizeof(*c->heading_at));
	return c->heading_at ? ASSAY_OK : assay_fail_memory(err, "sheet");
}

void cells_done(struct cells *c)
{
	free(c->sheet);
	c->sheet = NULL;
	free(c->heading_at);
	c->heading_at = NULL;
	buf_done(&c->headings);
	buf_done(&c->candidates);
}

enum assay_status cells_sheet(struct cells *c, const char *name, size_t len, enum assay_vis vis,
			      struct assay_error *err)
{
	struct segment seg = { .region = ASSAY_NAME, .vis = vis, .loc = { .part = c->part } };
	enum assay_status st = cells_end_row(c, err);

	free(c->sheet);
	c->sheet = strndup(name, len);
	if (!c->sheet)
		return assay_fail_memory(err, "sheet");
	c->vis = vis;
	c->heading_cells = c->rows_seen = 0;
	buf_clear(&c->headings);
	memset(c->heading_at, 0, (CELLS_COLUMNS_MAX + 1) * sizeof(*c->heading_at));
	if (st == ASSAY_OK)
		st = textout_break(c->out, &seg, err);
	return st == ASSAY_OK ? textout_line(c->out, &seg, name, len, err) : st;
}

bool cells_may_be_heading(const char *text, size_t len)
{
	return len && len <= HEADING_BYTES && !memchr(text, 0, len) &&
	       tablehead_is_likely(text, len);
}

static void add_candidate(struct cells *c, const struct cell *cell)
{
	if (!cell->is_text || c->rows_seen >= HEADING_ROWS ||
	    !cells_may_be_heading(cell->text, cell->len))
		return;
	c->texts++;
	buf_printf(&c->candidates, "%u", cell->column);
	buf_add_byte(&c->candidates, '\0');
	buf_add(&c->candidates, cell->text, cell->len);
	buf_add_byte(&c->candidates, '\0');
}

static struct segment segment_of(const struct cells *c, enum assay_vis vis)
{
	return (struct segment){
		.vis = c->vis != ASSAY_SHOWN ? c->vis : vis,
		.loc = { .sheet = c->sheet ? c->sheet : "", .row = c->row, .part = c->part }
	};
}

enum assay_status cells_put(struct cells *c, const struct cell *cell, struct assay_error *err)
{
	struct segment seg;
	char letters[8], ref[24];
	uint32_t at = cell->column <= CELLS_COLUMNS_MAX ? c->heading_at[cell->column] : 0;
	enum assay_status st = ASSAY_OK;

	if (!cell->len)
		return ASSAY_OK;
	if (c->row && c->row != cell->row) {
		st = cells_end_row(c, err);
		at = cell->column <= CELLS_COLUMNS_MAX ? c->heading_at[cell->column] : 0;
	}
	c->row = cell->row;
	c->row_vis = cell->vis;
	seg = segment_of(c, cell->vis);
	if (st == ASSAY_OK && c->count)
		st = textout_put(c->out, &seg, "\t", 1, err);
	c->count++;
	add_candidate(c, cell);
	column_letters(cell->column, letters);
	snprintf(ref, sizeof(ref), "%s%u", letters, (unsigned)MIN(cell->row, 9999999));
	seg.loc.cell = ref;
	seg.field = at ? c->headings.data + at - 1 : NULL;
	return st == ASSAY_OK ? textout_put(c->out, &seg, cell->text, cell->len, err) : st;
}

/* The first row of words is the heading; a row of one cell may be the title instead. */
static void take_headings(struct cells *c)
{
	bool better = !c->heading_cells || (c->heading_cells == 1 && c->texts > 1);

	c->rows_seen++;
	if (c->rows_seen > HEADING_ROWS || !better || c->texts * 3 < c->count * 2 ||
	    c->candidates.failed)
		return;
	buf_clear(&c->headings);
	memset(c->heading_at, 0, (CELLS_COLUMNS_MAX + 1) * sizeof(*c->heading_at));
	for (size_t at = 0; at < c->candidates.len;) {
		const char *column = c->candidates.data + at, *name = column + strlen(column) + 1;
		unsigned long n = strtoul(column, NULL, 10);
		size_t where = c->headings.len;

		at += strlen(column) + strlen(name) + 2;
		if (n <= CELLS_COLUMNS_MAX && buf_add(&c->headings, name, strlen(name) + 1))
			c->heading_at[n] = (uint32_t)where + 1;
	}
	c->heading_cells = c->texts;
}

enum assay_status cells_end_row(struct cells *c, struct assay_error *err)
{
	struct segment seg = segment_of(c, c->row_vis);
	enum assay_status st = ASSAY_OK;

	if (c->count) {
		st = textout_put(c->out, &seg, "\n", 1, err);
		take_headings(c);
	}
	c->row = 0;
	c->count = c->texts = 0;
	buf_clear(&c->candidates);
	return st;
}

void cells_strip_codes(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] != '&' || i + 1 >= len) {
			buf_add_byte(out, text[i]);
			continue;
		}
		i++;
		if (strchr("LCR", text[i])) {
			if (out->len)
				buf_add_byte(out, '\t');
		} else if (text[i] == '"') {
			const char *end = memchr(text + i + 1, '"', len - i - 1);

			if (end)
				i = (size_t)(end - text);
		} else if (text[i] == 'K') {
			i += MIN(6, len - 1 - i);
		} else if (is_digit(text[i])) {
			while (i + 1 < len && is_digit(text[i + 1]))
				i++;
		} else if (text[i] == '&') {
			buf_add_byte(out, '&');
		}
	}
}
