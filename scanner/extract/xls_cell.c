/* xls_cell.c - cells of a workbook: numbers, dates, texts and formulas, and what hides them */
#include <math.h>
#include <stdio.h>

#include "serialdate.h"
#include "xls_parts.h"

static enum assay_vis cell_vis(const struct book *b, unsigned row, unsigned column)
{
	if (b->hidden_rows[row / 8] >> (row % 8) & 1)
		return ASSAY_HIDDEN_ROW;
	return column < XLS_COLUMNS && b->hidden_columns[column] ? ASSAY_HIDDEN_COLUMN
								 : ASSAY_SHOWN;
}

static struct cell cell_at(const struct book *b, unsigned row, unsigned column)
{
	return (struct cell){ .row = (uint64_t)row + 1,
			      .column = column + 1,
			      .vis = cell_vis(b, row, column) };
}

static enum assay_status put_text(struct book *b, struct cell *cell, const char *text, size_t len,
				  struct assay_error *err)
{
	cell->is_text = true;
	cell->text = text;
	cell->len = len;
	return cells_put(&b->cells, cell, err);
}

static enum assay_status put_number(struct book *b, unsigned row, unsigned column, unsigned xf,
				    double number, struct assay_error *err)
{
	struct cell cell = cell_at(b, row, column);
	bool date = xf < b->dates.len && b->dates.items[xf];
	char text[64];

	if (!isfinite(number))
		return ASSAY_OK;
	if (!date || !serial_date(number, b->from_1904, text, sizeof(text))) {
		if (number > -1e18 && number < 1e18 && (double)(int64_t)number == number)
			snprintf(text, sizeof(text), "%lld", (long long)number);
		else
			snprintf(text, sizeof(text), "%.15g", number);
	}
	cell.text = text;
	cell.len = strlen(text);
	return cells_put(&b->cells, &cell, err);
}

static enum assay_status put_truth(struct book *b, bool truth, struct assay_error *err)
{
	struct cell cell = cell_at(b, le16_at(b->p), le16_at(b->p + 2));

	return put_text(b, &cell, truth ? "TRUE" : "FALSE", truth ? 4 : 5, err);
}

static double double_at(const uint8_t *p)
{
	uint64_t bits = le32_at(p) | (uint64_t)le32_at(p + 4) << 32;
	double number;

	memcpy(&number, &bits, sizeof(number));
	return number;
}

static double rk_number(uint32_t rk)
{
	uint64_t bits = (uint64_t)(rk & ~UINT32_C(3)) << 32;
	double number;

	if (rk & 2)
		number = (int32_t)rk >> 2;
	else
		memcpy(&number, &bits, sizeof(number));
	return rk & 1 ? number / 100 : number;
}

enum assay_status xls_number(struct book *b, struct assay_error *err)
{
	const uint8_t *p = b->p;

	return put_number(b, le16_at(p), le16_at(p + 2), le16_at(p + 4), double_at(p + 6), err);
}

enum assay_status xls_rk(struct book *b, struct assay_error *err)
{
	const uint8_t *p = b->p;

	return put_number(b, le16_at(p), le16_at(p + 2), le16_at(p + 4), rk_number(le32_at(p + 6)),
			  err);
}

enum assay_status xls_mulrk(struct book *b, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	/* Before the last column's number, which we can count ourselves. */
	for (size_t i = 0; i < (b->len - 6) / 6 && st == ASSAY_OK; i++) {
		const uint8_t *p = b->p + 4 + 6 * i;

		st = put_number(b, le16_at(b->p), (le16_at(b->p + 2) + (unsigned)i) & 0xFFFF,
				le16_at(p), rk_number(le32_at(p + 2)), err);
	}
	return st;
}

/* A truth, or the number of an error. */
enum assay_status xls_boolerr(struct book *b, struct assay_error *err)
{
	return b->p[7] ? ASSAY_OK : put_truth(b, b->p[6], err);
}

/* Strings in a formula: 0x17, length, and in the later version a byte of width. */
static void keep_formula(struct book *b, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i + 3 < len && b->formulas.len < XLS_FORMULAS_MAX - 2048; i++) {
		size_t n = p[i + 1], from = b->biff8 ? i + 3 : i + 2, printable = 0;
		bool wide = b->biff8 && p[i + 2] == 1;

		if (p[i] != 0x17 || n < 3 || (b->biff8 && p[i + 2] > 1) ||
		    from + n * (wide ? 2 : 1) > len)
			continue;
		for (size_t k = 0; k < n && !wide; k++)
			printable += p[from + k] >= ' ';
		if (!wide && printable < n)
			continue;
		if (wide)
			xls_add_wide(&b->formulas, p + from, n);
		else
			xls_add_narrow(b, &b->formulas, p + from, n);
		buf_add_byte(&b->formulas, '\n');
		i = from + n * (wide ? 2 : 1) - 1;
	}
}

enum assay_status xls_formula(struct book *b, struct assay_error *err)
{
	const uint8_t *p = b->p;

	if (b->len < 14)
		return ASSAY_OK;
	if (b->len > 22)
		keep_formula(b, p + 22, b->len - 22);
	if (p[12] != 0xFF || p[13] != 0xFF)
		return put_number(b, le16_at(p), le16_at(p + 2), le16_at(p + 4), double_at(p + 6),
				  err);
	if (p[6] == 0)
		b->waiting = cell_at(b, le16_at(p), le16_at(p + 2));
	return p[6] == 1 ? put_truth(b, p[8], err) : ASSAY_OK;
}

enum assay_status xls_send_formulas(struct book *b, struct assay_error *err)
{
	struct segment seg = { .vis = b->vis == ASSAY_SHOWN ? ASSAY_HIDDEN_TEXT : b->vis,
			       .loc = { .sheet = b->cells.sheet, .part = b->seg.loc.part } };
	enum assay_status st = cells_end_row(&b->cells, err);

	if (st == ASSAY_OK && b->formulas.len)
		st = textout_put(&b->o->out, &seg, b->formulas.data, b->formulas.len, err);
	buf_clear(&b->formulas);
	return st;
}

enum assay_status xls_label(struct book *b, struct assay_error *err)
{
	struct cell cell;
	const struct buf *text = xls_string_at(b, 6, 2);

	if (b->len < 8)
		return ASSAY_OK;
	cell = cell_at(b, le16_at(b->p), le16_at(b->p + 2));
	return put_text(b, &cell, text->data, text->len, err);
}

enum assay_status xls_labelsst(struct book *b, struct assay_error *err)
{
	struct cell cell;
	uint32_t i = b->len >= 10 ? le32_at(b->p + 6) : UINT32_MAX;
	size_t end;

	if (i >= b->starts.len)
		return ASSAY_OK;
	b->used.items[i] = true;
	end = i + 1 < b->starts.len ? b->starts.items[i + 1] : b->strings.len;
	cell = cell_at(b, le16_at(b->p), le16_at(b->p + 2));
	return end == b->starts.items[i] ? ASSAY_OK
					 : put_text(b, &cell, b->strings.data + b->starts.items[i],
						    end - b->starts.items[i], err);
}

enum assay_status xls_string(struct book *b, struct assay_error *err)
{
	struct cell cell = b->waiting;
	struct xls_reader r = xls_reader_at(b, 0);

	buf_clear(&b->value);
	xls_take_string(&r, 2, &b->value);
	b->next = r.next;
	b->waiting.row = 0;
	return cell.row ? put_text(b, &cell, b->value.data, b->value.len, err)
			: xls_send_line(b, &b->seg, &b->value, err);
}

void xls_columns(struct book *b)
{
	if (b->p[8] & 1)
		for (unsigned i = le16_at(b->p); i <= le16_at(b->p + 2) && i < XLS_COLUMNS; i++)
			b->hidden_columns[i] = true;
}

void xls_row(struct book *b)
{
	if (b->p[12] & 0x20)
		b->hidden_rows[le16_at(b->p) / 8] |= (uint8_t)(1 << (b->p[0] % 8));
}
