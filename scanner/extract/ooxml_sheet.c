/* ooxml_sheet.c - the sheets of a workbook: rows in order, cells under their headings */
#include <stdio.h>

#include "cells.h"
#include "fail.h"
#include "ooxml.h"
#include "serialdate.h"

#define CELL_MAX (1 * MiB)
#define STRINGS_MAX (96 * MiB)

static const char workbook_part[] = "xl/workbook.xml";

struct sheet {
	char *name;
	char *part; /* NULL: the relation leads nowhere */
	enum assay_vis vis;
};

struct book {
	struct ooxml *o;
	struct vec(struct sheet) sheets;
	bool from_1904;

	/* Shared strings: string i is at starts[i], up to the next. */
	struct buf strings;
	struct vec(uint32_t) starts;
	struct vec(bool) used;

	struct vec(bool) dates;            /* by style: shows a date */
	struct vec(uint32_t) date_formats; /* ids of the workbook's own */

	/* The sheet at hand. */
	const struct sheet *sheet;
	bool hidden[SHEET_COLUMNS_MAX + 1]; /* by column */
	unsigned spans;
	struct sheethead head;

	/* The row and cell at hand. */
	uint64_t row;
	bool row_hidden;
	uint32_t column; /* from 1 */
	bool any_cell;
	char ref[16];
	char type; /* s shared, i inline, t text, b, e, n */
	uint32_t style;
	struct buf value;
	struct buf formulas;
};

static void book_done(struct book *b)
{
	for (size_t i = 0; i < b->sheets.len; i++) {
		free(b->sheets.items[i].name);
		free(b->sheets.items[i].part);
	}
	vec_done(&b->sheets);
	buf_done(&b->strings);
	vec_done(&b->starts);
	vec_done(&b->used);
	vec_done(&b->dates);
	vec_done(&b->date_formats);
	sheethead_done(&b->head);
	buf_done(&b->value);
	buf_done(&b->formulas);
}

static uint64_t to_number(const char *text, size_t len)
{
	uint64_t n = 0;

	for (size_t i = 0; i < len && is_digit(text[i]) && n < UINT32_MAX; i++)
		n = n * 10 + (uint64_t)(text[i] - '0');
	return n;
}

static uint64_t attr_number(const struct markup_attr *a)
{
	return a ? to_number(a->value, a->value_len) : 0;
}

static void mark_done(struct ooxml *o, size_t index)
{
	if (index < o->done.len)
		o->done.items[index] = true;
}

/* --- workbook, strings, styles ----------------------------------------------------------- */

static enum assay_vis sheet_vis(const struct markup_attr *state)
{
	return attr_is(state, "hidden")       ? ASSAY_HIDDEN_SHEET
	       : attr_is(state, "veryHidden") ? ASSAY_VERY_HIDDEN_SHEET
					      : ASSAY_SHOWN;
}

static enum assay_status add_sheet(struct book *b, const struct markup_token *t,
				   struct assay_error *err)
{
	const struct markup_attr *name = xml_attr(t, "name"), *id = NULL;
	struct sheet *s = vec_push(&b->sheets);
	const char *target;

	if (!s)
		return assay_fail(err, ASSAY_PARTIAL, ASSAY_LIMIT_MEMORY, "sheets");
	/* r:id, not sheetId */
	for (size_t i = 0; i < t->attrs_len; i++)
		if (name_is(t->attrs[i].local, t->attrs[i].local_len, "id"))
			id = &t->attrs[i];
	target = id ? ooxml_target(b->o, id->value, id->value_len) : NULL;
	*s = (struct sheet){ .name = name ? strndup(name->value, name->value_len) : strdup(""),
			     .part = target ? strdup(target) : NULL,
			     .vis = sheet_vis(xml_attr(t, "state")) };
	return s->name ? ASSAY_OK : assay_fail_memory(err, "sheets");
}

/* Names of sheets and of ranges are content, too. */
static enum assay_status read_workbook(struct book *b, size_t index, struct assay_error *err)
{
	CLEANUP(part_done) struct part p = { 0 };
	struct segment seg = { .loc = { .part = workbook_part } };
	struct markup_token t;
	char field[128] = "";
	bool in_name = false;
	enum assay_status st = ooxml_rels(b->o, workbook_part, err);

	if (st == ASSAY_OK)
		st = part_open(b->o, index, &p, err);
	while (part_more(b->o, &p, &t, &st, err)) {
		if (t.kind == MARKUP_START && markup_is(&p.m, &t, "sheet")) {
			const struct markup_attr *name = xml_attr(&t, "name");

			st = add_sheet(b, &t, err);
			seg.region = ASSAY_NAME;
			seg.vis = sheet_vis(xml_attr(&t, "state"));
			seg.field = NULL;
			if (st == ASSAY_OK)
				st = ooxml_line(b->o, &seg, name ? name->value : "",
						name ? name->value_len : 0, err);
		} else if (t.kind == MARKUP_START && markup_is(&p.m, &t, "definedName")) {
			const struct markup_attr *name = xml_attr(&t, "name");

			st = ooxml_flush(b->o, err);
			copy_name(field, sizeof(field), name ? name->value : "",
				  name ? name->value_len : 0);
			seg = (struct segment){ .region = ASSAY_METADATA,
						.field = field,
						.loc = { .part = workbook_part } };
			in_name = true;
		} else if (t.kind == MARKUP_START && markup_is(&p.m, &t, "workbookPr")) {
			const struct markup_attr *a = xml_attr(&t, "date1904");

			b->from_1904 = a && attr_on(a);
		} else if (t.kind == MARKUP_TEXT && in_name) {
			st = ooxml_text(b->o, &seg, t.text, t.len, err);
		} else if (t.kind == MARKUP_END && in_name) {
			in_name = false;
			st = ooxml_text(b->o, &seg, "\n", 1, err);
		}
	}
	if (st == ASSAY_OK)
		st = part_close(b->o, &p, err);
	return st == ASSAY_OK ? ooxml_flush(b->o, err) : st;
}

/* Shared strings.  What does not fit in memory goes out as it comes. */
static enum assay_status read_strings(struct book *b, struct assay_error *err)
{
	static const char name[] = "xl/sharedStrings.xml";
	CLEANUP(part_done) struct part p = { 0 };
	struct segment seg = { .loc = { .part = name } };
	size_t index = ooxml_find(b->o, name, strlen(name));
	struct markup_token t;
	bool in_text = false, phonetic = false, full = false;
	enum assay_status st;

	if (index == SIZE_MAX)
		return ASSAY_OK;
	mark_done(b->o, index);
	st = part_open(b->o, index, &p, err);
	while (part_more(b->o, &p, &t, &st, err)) {
		if (t.kind == MARKUP_START && markup_is(&p.m, &t, "si")) {
			uint32_t *at = full ? NULL : vec_push(&b->starts);
			bool *used = at ? vec_push(&b->used) : NULL;

			full |= !used;
			if (used) {
				*at = (uint32_t)b->strings.len;
				*used = false;
			} else if (at) {
				b->starts.len--;
			}
		} else if (t.kind == MARKUP_START || t.kind == MARKUP_END) {
			if (markup_is(&p.m, &t, "t"))
				in_text = t.kind == MARKUP_START;
			else if (markup_is(&p.m, &t, "rPh"))
				phonetic = t.kind == MARKUP_START;
			if (full && t.kind == MARKUP_END && markup_is(&p.m, &t, "si"))
				st = ooxml_text(b->o, &seg, "\n", 1, err);
		} else if (t.kind == MARKUP_TEXT && in_text && !phonetic) {
			full |= b->strings.len + t.len > STRINGS_MAX;
			if (full || !buf_add(&b->strings, t.text, t.len))
				st = ooxml_text(b->o, &seg, t.text, t.len, err);
		} else if (t.kind == MARKUP_TEXT && in_text) {
			/* How the word is said: apart from the word. */
			struct segment said = { .region = ASSAY_NOTE, .loc = seg.loc };

			st = ooxml_line(b->o, &said, t.text, t.len, err);
		}
	}
	if (st == ASSAY_OK)
		st = part_close(b->o, &p, err);
	return st == ASSAY_OK ? ooxml_flush(b->o, err) : st;
}

static bool is_date_format(const struct book *b, uint64_t id)
{
	if (format_id_shows_date(id))
		return true;
	for (size_t i = 0; i < b->date_formats.len; i++)
		if (b->date_formats.items[i] == id)
			return true;
	return false;
}

static enum assay_status read_styles(struct book *b, struct assay_error *err)
{
	static const char name[] = "xl/styles.xml";
	CLEANUP(part_done) struct part p = { 0 };
	size_t index = ooxml_find(b->o, name, strlen(name));
	struct markup_token t;
	bool in_xfs = false;
	enum assay_status st;

	if (index == SIZE_MAX)
		return ASSAY_OK;
	mark_done(b->o, index);
	st = part_open(b->o, index, &p, err);
	while (part_more(b->o, &p, &t, &st, err)) {
		if (t.kind == MARKUP_START && markup_is(&p.m, &t, "numFmt")) {
			const struct markup_attr *code = xml_attr(&t, "formatCode");
			uint32_t *id = code && format_shows_date(code->value, code->value_len)
					   ? vec_push(&b->date_formats)
					   : NULL;
			struct segment seg = { .region = ASSAY_METADATA, .loc = { .part = name } };

			if (id)
				*id = (uint32_t)attr_number(xml_attr(&t, "numFmtId"));
			/* Text in quotes is shown in the cells. */
			if (code && memchr(code->value, '"', code->value_len)) {
				st = ooxml_line(b->o, &seg, code->value, code->value_len, err);
			}
		} else if (markup_is(&p.m, &t, "cellXfs") && t.kind != MARKUP_TEXT) {
			in_xfs = t.kind == MARKUP_START;
		} else if (t.kind == MARKUP_START && in_xfs && markup_is(&p.m, &t, "xf")) {
			bool *date = vec_push(&b->dates);

			if (date)
				*date = is_date_format(b, attr_number(xml_attr(&t, "numFmtId")));
		}
	}
	if (st == ASSAY_OK)
		st = part_close(b->o, &p, err);
	return st == ASSAY_OK ? ooxml_flush(b->o, err) : st;
}

/* --- cells -------------------------------------------------------------------------------- */

/* "AB12" to 28; 0 if it is no such thing. */
static uint32_t column_of(const char *ref, size_t len)
{
	uint32_t n = 0;

	for (size_t i = 0; i < len && is_letter(ref[i]); i++) {
		n = n * 26 + (uint32_t)(to_upper(ref[i]) - 'A' + 1);
		if (n > SHEET_COLUMNS_MAX)
			return 0;
	}
	return n;
}

static void name_cell(struct book *b)
{
	char letters[8];

	column_letters(b->column, letters);
	snprintf(b->ref, sizeof(b->ref), "%s%u", letters, (unsigned)MIN(b->row, 9999999));
}

static enum assay_vis cell_vis(const struct book *b)
{
	if (b->sheet->vis != ASSAY_SHOWN)
		return b->sheet->vis;
	if (b->row_hidden)
		return ASSAY_HIDDEN_ROW;
	return b->hidden[MIN(b->column, SHEET_COLUMNS_MAX)] ? ASSAY_HIDDEN_COLUMN : ASSAY_SHOWN;
}

/* What the cell says: a shared string, a date, a number without its exponent. */
static const char *cell_text(struct book *b, size_t *ret_len, bool *ret_text, char *room,
			     size_t cap)
{
	const char *v = b->value.data ? b->value.data : "";
	double number;
	uint64_t i;

	*ret_len = b->value.len;
	*ret_text = b->type != 'n' && b->type != 'b';
	if (b->type == 's') {
		i = to_number(v, b->value.len);
		if (!b->value.len || !is_digit(*v) || i >= b->starts.len)
			return v;
		b->used.items[i] = true;
		*ret_len = (i + 1 < b->starts.len ? b->starts.items[i + 1] : b->strings.len) -
			   b->starts.items[i];
		return *ret_len ? b->strings.data + b->starts.items[i] : "";
	}
	if (b->type != 'n' || !b->value.len || b->value.len > 32)
		return v;
	if (b->style < b->dates.len && b->dates.items[b->style]) {
		number = strtod(v, NULL);
		if (serial_date(number, b->from_1904, room, cap))
			v = room;
	} else if (strpbrk(v, "Ee")) {
		number = strtod(v, NULL);
		if (number > -1e18 && number < 1e18 && (double)(int64_t)number == number) {
			snprintf(room, cap, "%lld", (long long)number);
			v = room;
		}
	}
	*ret_len = strlen(v);
	return v;
}

static enum assay_status end_cell(struct book *b, struct assay_error *err)
{
	struct segment seg = { .vis = cell_vis(b), .loc = { .sheet = b->sheet->name } };
	struct segment gap = seg;
	size_t len;
	bool text;
	char room[64];
	const char *v = cell_text(b, &len, &text, room, sizeof(room));
	enum assay_status st = ASSAY_OK;

	if (!len)
		return st;
	name_cell(b);
	seg.loc.cell = b->ref;
	seg.loc.row = gap.loc.row = b->row;
	seg.field = sheethead_of(&b->head, b->column);
	sheethead_cell(&b->head, b->column, v, len, text);
	if (b->any_cell)
		st = ooxml_text(b->o, &gap, "\t", 1, err);
	b->any_cell = true;
	if (st == ASSAY_OK)
		st = ooxml_text(b->o, &seg, v, len, err);
	return st == ASSAY_OK ? ooxml_flush(b->o, err) : st; /* `ref` changes */
}

static enum assay_status end_row(struct book *b, struct assay_error *err)
{
	struct segment seg = { .vis = b->sheet->vis, .loc = { .sheet = b->sheet->name } };
	enum assay_status st = ASSAY_OK;

	if (b->row_hidden && seg.vis == ASSAY_SHOWN)
		seg.vis = ASSAY_HIDDEN_ROW;
	if (b->any_cell)
		st = ooxml_text(b->o, &seg, "\n", 1, err);
	sheethead_end_row(&b->head);
	return st;
}

static void start_cell(struct book *b, const struct markup_token *t)
{
	static const struct {
		const char *type;
		char kind;
	} kinds[] = { { "s", 's' }, { "inlineStr", 'i' }, { "str", 't' },
		      { "b", 'b' }, { "e", 'e' },         { "d", 't' } };
	const struct markup_attr *ref = xml_attr(t, "r"), *type = xml_attr(t, "t");
	uint32_t column = ref ? column_of(ref->value, ref->value_len) : 0;

	b->column = column ? column : MIN(b->column + 1, SHEET_COLUMNS_MAX);
	b->style = (uint32_t)attr_number(xml_attr(t, "s"));
	b->type = 'n';
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (attr_is(type, kinds[i].type))
			b->type = kinds[i].kind;
	buf_clear(&b->value);
	if (b->value.data)
		b->value.data[0] = '\0';
}

static void start_row(struct book *b, const struct markup_token *t)
{
	const struct markup_attr *r = xml_attr(t, "r"), *hidden = xml_attr(t, "hidden");

	b->row = r ? attr_number(r) : b->row + 1;
	b->row_hidden = hidden && attr_on(hidden);
	b->column = 0;
	b->any_cell = false;
	sheethead_row(&b->head);
}

static void hide_columns(struct book *b, const struct markup_token *t)
{
	const struct markup_attr *hidden = xml_attr(t, "hidden");
	uint64_t from = attr_number(xml_attr(t, "min")),
		 to = MIN(attr_number(xml_attr(t, "max")), SHEET_COLUMNS_MAX);

	/* More spans than columns are nothing an application writes. */
	if (!hidden || !attr_on(hidden) || from > to || b->spans++ > SHEET_COLUMNS_MAX)
		return;
	memset(b->hidden + from, 1, to - from + 1);
}

/* --- headers and footers of the printed page ---------------------------------------------- */

static enum assay_status end_page_text(struct book *b, bool footer, struct assay_error *err)
{
	struct segment seg = { .region = footer ? ASSAY_FOOTER : ASSAY_HEADER,
			       .vis = b->sheet->vis,
			       .loc = { .sheet = b->sheet->name } };
	CLEANUP(buf_done) struct buf out = BUF_INIT(CELL_MAX);

	cells_strip_codes(&out, b->value.data ? b->value.data : "", b->value.len);
	if (!out.len)
		return ASSAY_OK;
	return ooxml_line(b->o, &seg, out.data, out.len, err);
}

/* --- a sheet -------------------------------------------------------------------------------- */

enum inside { IN_NOTHING, IN_VALUE, IN_FORMULA, IN_HEADER, IN_FOOTER };

static enum inside inside_of(const struct markup_token *t)
{
	static const struct {
		const char *local;
		enum inside inside;
	} rows[] = {
		{ "v", IN_VALUE },
		{ "t", IN_VALUE },
		{ "f", IN_FORMULA },
		{ "oddHeader", IN_HEADER },
		{ "evenHeader", IN_HEADER },
		{ "firstHeader", IN_HEADER },
		{ "oddFooter", IN_FOOTER },
		{ "evenFooter", IN_FOOTER },
		{ "firstFooter", IN_FOOTER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (name_is(t->local, t->local_len, rows[i].local))
			return rows[i].inside;
	return IN_NOTHING;
}

/* Prompts and messages of the sheet's rules, links, and the like. */
static enum assay_status sheet_attrs(struct book *b, const struct markup_token *t,
				     struct assay_error *err)
{
	static const char *const names[] = { "prompt",  "promptTitle", "error",   "errorTitle",
					     "tooltip", "display",     "codeName" };
	struct segment seg = { .region = ASSAY_METADATA,
			       .vis = b->sheet->vis,
			       .loc = { .sheet = b->sheet->name } };
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < ARRAY_SIZE(names) && st == ASSAY_OK; i++) {
		const struct markup_attr *a = xml_attr(t, names[i]);

		if (!a || !a->value_len)
			continue;
		st = ooxml_line(b->o, &seg, a->value, a->value_len, err);
	}
	return st;
}

static enum assay_status sheet_token(struct book *b, const struct markup_token *t,
				     enum inside *inside, struct assay_error *err)
{
	struct segment stray = { .vis = b->sheet->vis, .loc = { .sheet = b->sheet->name } };
	bool start = t->kind == MARKUP_START;

	if (t->kind == MARKUP_TEXT) {
		if (*inside == IN_FORMULA) {
			buf_add(&b->formulas, t->text, t->len); /* its failure is told of later */
			return ASSAY_OK;
		}
		if (*inside != IN_NOTHING && buf_add(&b->value, t->text, t->len))
			return ASSAY_OK;
		if (*inside == IN_NOTHING && t->len && is_space(t->text[0]))
			return ASSAY_OK;
		return ooxml_line(b->o, &stray, t->text, t->len, err);
	}
	if (!start && t->kind != MARKUP_END)
		return ASSAY_OK;
	if (t->local_len == 1) {
		if (*t->local == 'c') {
			if (!start)
				return end_cell(b, err);
			start_cell(b, t);
			return ASSAY_OK;
		}
		if (*t->local == 'f' && !start)
			buf_add_byte(&b->formulas, '\n');
		*inside = start ? inside_of(t) : IN_NOTHING;
		return ASSAY_OK;
	}
	if (name_is(t->local, t->local_len, "row")) {
		if (!start)
			return end_row(b, err);
		start_row(b, t);
		return ASSAY_OK;
	}
	if (start && name_is(t->local, t->local_len, "col"))
		hide_columns(b, t);
	if (!start && (*inside == IN_HEADER || *inside == IN_FOOTER)) {
		enum assay_status st = end_page_text(b, *inside == IN_FOOTER, err);

		*inside = IN_NOTHING;
		return st;
	}
	*inside = start ? inside_of(t) : IN_NOTHING;
	if (start && *inside != IN_NOTHING)
		buf_clear(&b->value);
	return start && t->attrs_len ? sheet_attrs(b, t, err) : ASSAY_OK;
}

/* Formulas with text in them: it is seen only by who looks for it. */
static enum assay_status send_formulas(struct book *b, struct assay_error *err)
{
	struct segment seg = { .vis =
				   b->sheet->vis == ASSAY_SHOWN ? ASSAY_HIDDEN_TEXT : b->sheet->vis,
			       .loc = { .sheet = b->sheet->name } };
	enum assay_status st = ASSAY_OK;
	const char *line = b->formulas.data, *end = line + b->formulas.len;

	while (line < end && st == ASSAY_OK) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t len = stop ? (size_t)(stop - line) + 1 : (size_t)(end - line);

		if (memchr(line, '"', len))
			st = ooxml_text(b->o, &seg, line, len, err);
		line += len;
	}
	if (st == ASSAY_OK && b->formulas.failed)
		st = sink_gap(b->o->sink, ASSAY_LIMIT_MEMORY, "formulas of a sheet", err);
	return st;
}

/* Comments and drawings of the sheet, while its name is known. */
static enum assay_status read_attached(struct book *b, struct assay_error *err)
{
	static const struct {
		const char *infix;
		enum assay_region region;
	} kinds[] = {
		{ "/comments", ASSAY_COMMENT },
		{ "/threadedComments/", ASSAY_COMMENT },
		{ "/drawings/", ASSAY_BODY },
		{ "/tables/", ASSAY_BODY },
	};
	struct ooxml *o = b->o;
	enum assay_status st = ooxml_rels(o, b->sheet->part, err);

	for (size_t at = 0; at < o->rels.len && st == ASSAY_OK;) {
		const char *key = o->rels.data + at, *target = key + strlen(key) + 1;
		size_t index = ooxml_find(o, target, strlen(target));

		at += strlen(key) + strlen(target) + 2;
		for (size_t k = 0; k < ARRAY_SIZE(kinds) && st == ASSAY_OK; k++) {
			struct segment seg = { .region = kinds[k].region,
					       .vis = b->sheet->vis,
					       .loc = { .sheet = b->sheet->name, .part = target } };

			if (index >= o->done.len || o->done.items[index] ||
			    !strstr(target, kinds[k].infix))
				continue;
			mark_done(o, index);
			st = ooxml_flow(o, index, seg, err);
		}
	}
	return st;
}

static enum assay_status read_sheet(struct book *b, const struct sheet *s, struct assay_error *err)
{
	CLEANUP(part_done) struct part p = { 0 };
	size_t index = s->part ? ooxml_find(b->o, s->part, strlen(s->part)) : SIZE_MAX;
	enum inside inside = IN_NOTHING;
	struct markup_token t;
	enum assay_status st;

	if (index >= b->o->done.len || b->o->done.items[index])
		return ASSAY_OK;
	/* Other kinds (macro, dialog, chart, binary sheets) are read as any part is. */
	if (!strstr(s->part, "/worksheets/") || !strstr(s->part, ".xml"))
		return ASSAY_OK;
	mark_done(b->o, index);
	b->sheet = s;
	memset(b->hidden, 0, sizeof(b->hidden));
	b->spans = 0;
	b->row = 0;
	sheethead_clear(&b->head);
	buf_clear(&b->formulas);
	st = part_open(b->o, index, &p, err);
	while (part_more(b->o, &p, &t, &st, err)) {
		st = sheet_token(b, &t, &inside, err);
	}
	if (st == ASSAY_OK)
		st = part_close(b->o, &p, err);
	if (st == ASSAY_OK && b->formulas.len)
		st = send_formulas(b, err);
	part_done(&p);
	if (st == ASSAY_OK)
		st = ooxml_flush(b->o, err);
	return st == ASSAY_OK ? read_attached(b, err) : st;
}

/* Strings no cell shows: what was deleted, or never meant to be seen. */
static enum assay_status send_unused(struct book *b, struct assay_error *err)
{
	struct segment seg = { .vis = ASSAY_HIDDEN_TEXT,
			       .loc = { .part = "xl/sharedStrings.xml" } };
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < b->starts.len && st == ASSAY_OK; i++) {
		size_t end = i + 1 < b->starts.len ? b->starts.items[i + 1] : b->strings.len;

		if (b->used.items[i] || end == b->starts.items[i])
			continue;
		st = ooxml_line(b->o, &seg, b->strings.data + b->starts.items[i],
				end - b->starts.items[i], err);
	}
	return st == ASSAY_OK ? ooxml_flush(b->o, err) : st;
}

enum assay_status ooxml_workbook(struct ooxml *o, struct assay_error *err)
{
	CLEANUP(book_done)
	struct book b = { .o = o,
			  .sheets = VEC_INIT(10000),
			  .strings = BUF_INIT(STRINGS_MAX + 1),
			  .starts = VEC_INIT(1 << 24),
			  .used = VEC_INIT(1 << 24),
			  .dates = VEC_INIT(65536),
			  .date_formats = VEC_INIT(4096),
			  .value = BUF_INIT(CELL_MAX),
			  .formulas = BUF_INIT(16 * MiB) };
	size_t index = ooxml_find(o, workbook_part, strlen(workbook_part));
	enum assay_status st;

	if (index == SIZE_MAX)
		return ASSAY_OK;
	if (!sheethead_init(&b.head))
		return assay_fail_memory(err, "workbook");
	mark_done(o, index);
	st = read_workbook(&b, index, err);
	if (st == ASSAY_OK)
		st = read_styles(&b, err);
	if (st == ASSAY_OK)
		st = read_strings(&b, err);
	for (size_t i = 0; i < b.sheets.len && st == ASSAY_OK; i++)
		st = read_sheet(&b, &b.sheets.items[i], err);
	return st == ASSAY_OK ? send_unused(&b, err) : st;
}
