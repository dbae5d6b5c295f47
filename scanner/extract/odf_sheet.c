/* odf_sheet.c - the cells of an OpenDocument sheet: where each stands, and what is in it */
#include "odf_sheet.h"

#include "fail.h"
#include "ooxml.h"

#define CELL_MAX (1 * MiB)
/* A cell that is repeated is sent so many times. */
#define REPEAT_MAX 16
#define FORMULAS_MAX (4 * MiB)

enum assay_status odf_sheet_init(struct odf_sheet *s, struct textout *out, const char *part,
				 struct assay_error *err)
{
	enum assay_status st;

	*s = (struct odf_sheet){ .row_repeat = 1,
				 .value = BUF_INIT(CELL_MAX),
				 .raw = BUF_INIT(CELL_MAX),
				 .formulas = BUF_INIT(FORMULAS_MAX + 1) };
	st = cells_init(&s->cells, out, err);
	s->cells.part = part;
	return st;
}

void odf_sheet_done(struct odf_sheet *s)
{
	cells_done(&s->cells);
	buf_done(&s->value);
	buf_done(&s->raw);
	buf_done(&s->formulas);
}

enum assay_status odf_sheet_begin(struct odf_sheet *s, const struct markup_attr *name,
				  enum assay_vis vis, struct assay_error *err)
{
	s->row = 0;
	s->row_repeat = 1;
	s->columns = 0;
	memset(s->hidden, 0, sizeof(s->hidden));
	return cells_sheet(&s->cells, name ? name->value : "", name ? name->value_len : 0, vis,
			   err);
}

static bool is_collapsed(const struct markup_token *t)
{
	const struct markup_attr *a = xml_attr(t, "visibility");

	return attr_is(a, "collapse") || attr_is(a, "filter");
}

void odf_sheet_column(struct odf_sheet *s, const struct markup_token *t)
{
	uint32_t repeat = markup_number(xml_attr(t, "number-columns-repeated"), 1);
	uint32_t from = s->columns + 1;

	s->columns = MIN(SHEET_COLUMNS_MAX, s->columns + MIN(repeat, SHEET_COLUMNS_MAX));
	if (is_collapsed(t))
		for (uint32_t i = from; i <= s->columns; i++)
			s->hidden[i] = true;
}

void odf_sheet_row(struct odf_sheet *s, const struct markup_token *t)
{
	s->row += s->row_repeat;
	s->row_repeat = MAX(markup_number(xml_attr(t, "number-rows-repeated"), 1), 1);
	s->row_hidden = is_collapsed(t);
	s->column = 1;
}

void odf_sheet_cell(struct odf_sheet *s, const struct markup_token *t)
{
	static const char *const values[] = { "string-value", "date-value", "time-value", "value",
					      "boolean-value" };
	const struct markup_attr *type = xml_attr(t, "value-type"), *a;

	s->cell_repeat = MAX(markup_number(xml_attr(t, "number-columns-repeated"), 1), 1);
	s->in_cell = true;
	s->number = type && !attr_is(type, "string");
	buf_clear(&s->value);
	buf_clear(&s->raw);
	for (size_t i = 0; i < ARRAY_SIZE(values) && !s->raw.len; i++) {
		a = xml_attr(t, values[i]);
		if (a)
			buf_add(&s->raw, a->value, a->value_len);
	}
	a = xml_attr(t, "formula");
	if (a && memchr(a->value, '"', a->value_len) && a->value_len < FORMULAS_MAX) {
		buf_add(&s->formulas, a->value, a->value_len);
		buf_add_byte(&s->formulas, '\n');
	}
}

/* 1.2E+12 is shown where 1234567890123 is meant. */
static bool shows_too_little(const struct buf *value)
{
	const char *e;

	if (!value->len)
		return true;
	if (value->data[0] == '#')
		return true;
	e = memchr(value->data, 'E', value->len);
	return e && e > value->data && is_digit(e[-1]) && (e[1] == '+' || e[1] == '-');
}

enum assay_status odf_sheet_end_cell(struct odf_sheet *s, enum assay_vis vis,
				     struct assay_error *err)
{
	const struct buf *v = shows_too_little(&s->value) && s->raw.len ? &s->raw : &s->value;
	struct cell cell = { .row = s->row,
			     .is_text = !s->number,
			     .vis = vis,
			     .text = v->len ? v->data : "",
			     .len = v->len };
	uint32_t repeat = v->len ? MIN(s->cell_repeat, REPEAT_MAX) : 0;
	enum assay_status st = ASSAY_OK;

	s->in_cell = false;
	for (uint32_t i = 0; i < repeat && st == ASSAY_OK; i++) {
		cell.column = (uint32_t)MIN((uint64_t)s->column + i, SHEET_COLUMNS_MAX);
		if (vis == ASSAY_SHOWN)
			cell.vis = s->row_hidden            ? ASSAY_HIDDEN_ROW
				   : s->hidden[cell.column] ? ASSAY_HIDDEN_COLUMN
							    : ASSAY_SHOWN;
		st = cells_put(&s->cells, &cell, err);
	}
	if (st == ASSAY_OK && v->failed)
		st = sink_gap(s->cells.out->sink, ASSAY_LIMIT_MEMORY, "a very long cell", err);
	s->column = (uint32_t)MIN((uint64_t)s->column + s->cell_repeat, SHEET_COLUMNS_MAX);
	return st;
}
