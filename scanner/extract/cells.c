/* cells.c - the cells of a sheet, as rows of text under their headings */
#include "cells.h"

#include <stdio.h>

#include "fail.h"
#include "serialdate.h"

enum assay_status cells_init(struct cells *c, struct textout *out, struct assay_error *err)
{
	*c = (struct cells){ .out = out };
	return sheethead_init(&c->head) ? ASSAY_OK : assay_fail_memory(err, "sheet");
}

void cells_done(struct cells *c)
{
	free(c->sheet);
	c->sheet = NULL;
	sheethead_done(&c->head);
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
	sheethead_clear(&c->head);
	if (st == ASSAY_OK)
		st = textout_break(c->out, &seg, err);
	return st == ASSAY_OK ? textout_line(c->out, &seg, name, len, err) : st;
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
	enum assay_status st = ASSAY_OK;

	if (!cell->len)
		return ASSAY_OK;
	if (c->row && c->row != cell->row)
		st = cells_end_row(c, err);
	c->row = cell->row;
	c->row_vis = cell->vis;
	seg = segment_of(c, cell->vis);
	if (st == ASSAY_OK && c->count)
		st = textout_put(c->out, &seg, "\t", 1, err);
	c->count++;
	sheethead_cell(&c->head, cell->column, cell->text, cell->len, cell->is_text);
	column_letters(cell->column, letters);
	snprintf(ref, sizeof(ref), "%s%u", letters, (unsigned)MIN(cell->row, 9999999));
	seg.loc.cell = ref;
	seg.field = sheethead_of(&c->head, cell->column);
	return st == ASSAY_OK ? textout_put(c->out, &seg, cell->text, cell->len, err) : st;
}

enum assay_status cells_end_row(struct cells *c, struct assay_error *err)
{
	struct segment seg = segment_of(c, c->row_vis);
	enum assay_status st = ASSAY_OK;

	if (c->count) {
		st = textout_put(c->out, &seg, "\n", 1, err);
		sheethead_end_row(&c->head);
	}
	c->row = 0;
	c->count = 0;
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
