/*
 * odf_flow.c - the text of OpenDocument parts: paragraphs, tables, sheets, slides
 *
 * One pass.  What an element says of the text in it (region, visibility) is kept on a
 * stack.  What hangs in the middle of a paragraph or a row (notes, comments, frames) waits
 * for its end, so that it does not tear apart what a reader sees together.
 */
#include <stdio.h>

#include "cells.h"
#include "tablehead.h"
#include "fail.h"
#include "odf.h"

#define CELL_MAX (1 * MiB)
#define ASIDES_MAX (4 * MiB)
#define STACK_MAX (1 << 20)
/* A cell that is repeated is sent so many times. */
#define REPEAT_MAX 16
#define FORMULAS_MAX (4 * MiB)

enum tag {
	TAG_OTHER,
	TAG_P,
	TAG_SPAN,
	TAG_SPACES,
	TAG_TAB,
	TAG_BREAK,
	TAG_SKIP,
	TAG_NOTE,
	TAG_COMMENT,
	TAG_FRAME,
	TAG_DELETED,
	TAG_CHANGE,
	TAG_SECTION,
	TAG_HIDDEN_TEXT,
	TAG_TABLE,
	TAG_COLUMN,
	TAG_ROW_GROUP,
	TAG_ROW,
	TAG_CELL,
	TAG_PAGE,
	TAG_NOTES,
	TAG_HEADER,
	TAG_FOOTER,
	TAG_STYLES,
	TAG_SHEETS,
	TAG_PROSE,
	TAG_CITATION,
	TAG_CONFIG,
};

static const struct {
	const char *local;
	enum tag tag;
} tags[] = {
	{ "p", TAG_P },
	{ "h", TAG_P },
	{ "span", TAG_SPAN },
	{ "s", TAG_SPACES },
	{ "tab", TAG_TAB },
	{ "line-break", TAG_BREAK },
	{ "binary-data", TAG_SKIP },
	{ "note-body", TAG_NOTE },
	{ "note-citation", TAG_CITATION },
	{ "annotation", TAG_COMMENT },
	{ "frame", TAG_FRAME },
	{ "custom-shape", TAG_FRAME },
	{ "rect", TAG_FRAME },
	{ "ellipse", TAG_FRAME },
	{ "circle", TAG_FRAME },
	{ "line", TAG_FRAME },
	{ "polyline", TAG_FRAME },
	{ "polygon", TAG_FRAME },
	{ "path", TAG_FRAME },
	{ "connector", TAG_FRAME },
	{ "caption", TAG_FRAME },
	{ "measure", TAG_FRAME },
	{ "control", TAG_FRAME },
	{ "deletion", TAG_DELETED },
	{ "cell-content-deletion", TAG_DELETED },
	{ "previous", TAG_DELETED },
	{ "change-info", TAG_CHANGE },
	{ "section", TAG_SECTION },
	{ "hidden-text", TAG_HIDDEN_TEXT },
	{ "conditional-text", TAG_HIDDEN_TEXT },
	{ "hidden-paragraph", TAG_HIDDEN_TEXT },
	{ "table", TAG_TABLE },
	{ "table-column", TAG_COLUMN },
	{ "table-row-group", TAG_ROW_GROUP },
	{ "table-row", TAG_ROW },
	{ "table-cell", TAG_CELL },
	{ "covered-table-cell", TAG_CELL },
	{ "change-track-table-cell", TAG_CELL },
	{ "page", TAG_PAGE },
	{ "notes", TAG_NOTES },
	{ "header", TAG_HEADER },
	{ "header-left", TAG_HEADER },
	{ "header-first", TAG_HEADER },
	{ "header-decl", TAG_HEADER },
	{ "footer", TAG_FOOTER },
	{ "footer-left", TAG_FOOTER },
	{ "footer-first", TAG_FOOTER },
	{ "footer-decl", TAG_FOOTER },
	{ "automatic-styles", TAG_STYLES },
	{ "styles", TAG_STYLES },
	{ "spreadsheet", TAG_SHEETS },
	{ "text", TAG_PROSE },
	{ "config-item", TAG_CONFIG },
};

/* Attributes that somebody wrote, or that a reader sees. */
static const struct {
	const char *local, *attr;
	enum assay_region region;
} told[] = {
	{ "a", "href", ASSAY_BODY },
	{ "a", "title", ASSAY_BODY },
	{ "named-range", "name", ASSAY_METADATA },
	{ "database-range", "name", ASSAY_METADATA },
	{ "table-source", "href", ASSAY_METADATA },
	{ "section-source", "href", ASSAY_METADATA },
	{ "filter-condition", "value", ASSAY_METADATA },
	{ "user-field-decl", "string-value", ASSAY_METADATA },
	{ "variable-set", "string-value", ASSAY_METADATA },
	{ "help-message", "title", ASSAY_NOTE },
	{ "error-message", "title", ASSAY_NOTE },
	{ "bookmark", "name", ASSAY_METADATA },
	{ "bookmark-start", "name", ASSAY_METADATA },
	{ "connection-resource", "href", ASSAY_METADATA },
	{ "database-row-select", "database-name", ASSAY_METADATA },
	{ "content-validation", "condition", ASSAY_METADATA },
	{ "dropdown", "name", ASSAY_METADATA },
	{ "label", "value", ASSAY_BODY },
};

/* What an element says of what is in it. */
struct state {
	uint8_t region;
	uint8_t vis;
	bool text;  /* in a paragraph */
	bool aside; /* waits for the end of the paragraph or row */
	bool skip;
	bool styles;
	bool white, shade;
	bool quiet; /* configuration whose value is no text */
};

struct aside {
	struct state state;
	size_t end; /* in `asides`; it begins where the one before ends */
};

struct reader {
	struct odf *o;
	struct segment seg; /* of the part */
	struct state s;
	struct vec(struct state) stack;
	unsigned lost; /* elements deeper than the stack */
	bool word;     /* white text hides */
	bool between;  /* text outside of paragraphs begins anew */

	unsigned paragraphs; /* open, and not aside */
	bool space;          /* the last thing was one */
	char pending;
	bool blank; /* and an empty paragraph */
	unsigned tabs;
	bool any;
	struct buf asides;
	struct vec(struct aside) waiting;

	/* Sheets. */
	bool sheets;
	unsigned tables;        /* open */
	struct tablehead heads; /* of tables in text */
	struct cells cells;
	uint64_t row;
	uint32_t row_repeat, column, cell_repeat;
	bool row_hidden, in_cell, number;
	enum assay_vis group_vis;
	bool hidden[SHEET_COLUMNS_MAX + 1];
	uint32_t columns; /* declared so far */
	struct buf value;
	struct buf raw; /* the value behind what is shown */
	struct buf formulas;
};

static enum tag tag_of(const struct markup_token *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (tags[i].local[0] == t->local[0] &&
		    name_is(t->local, t->local_len, tags[i].local))
			return tags[i].tag;
	return TAG_OTHER;
}

static bool has_prefix(const struct markup_token *t, const char *prefix)
{
	size_t len = strlen(prefix);

	return t->name_len > len && !memcmp(t->name, prefix, len);
}

/* --- what goes out ----------------------------------------------------------------------- */

static enum assay_vis vis_of(const struct state *s)
{
	if (s->vis == ASSAY_SHOWN && s->white && !s->shade)
		return ASSAY_WHITE_TEXT;
	return (enum assay_vis)s->vis;
}

static struct segment segment_of(const struct reader *r, const struct state *s)
{
	struct segment seg = r->seg;

	seg.region = (enum assay_region)s->region;
	if (vis_of(s) != ASSAY_SHOWN)
		seg.vis = vis_of(s);
	return seg;
}

static enum assay_status send(struct reader *r, const struct state *s, const char *text, size_t len,
			      struct assay_error *err)
{
	static const char many[] = "\t\t\t\t\t\t\t\t";
	struct segment seg = segment_of(r, s);
	enum assay_status st = ASSAY_OK;

	if (!s->aside) {
		tablehead_text(&r->heads, text, len);
		seg.field = tablehead_field(&r->heads);
		seg.record = tablehead_record(&r->heads);
	}
	if (r->pending && r->any)
		st = textout_put(&r->o->out, &seg, &r->pending, 1, err);
	if (r->blank && r->any && st == ASSAY_OK)
		st = textout_put(&r->o->out, &seg, "\n", 1, err);
	if (r->tabs && st == ASSAY_OK)
		st = textout_put(&r->o->out, &seg, many, MIN(r->tabs, sizeof(many) - 1), err);
	r->pending = '\0';
	r->blank = false;
	r->tabs = 0;
	r->any = true;
	return st == ASSAY_OK ? textout_put(&r->o->out, &seg, text, len, err) : st;
}

/* @return  false: there is no room, send it at once */
static bool put_aside(struct reader *r, const struct state *s, const char *text, size_t len)
{
	struct aside *last = r->waiting.len ? &r->waiting.items[r->waiting.len - 1] : NULL;

	if (len > ASIDES_MAX - r->asides.len)
		return false;
	if (!last || memcmp(&last->state, s, sizeof(*s)) != 0) {
		last = vec_push(&r->waiting);
		if (!last)
			return false;
		last->state = *s;
		last->end = r->asides.len;
	}
	if (!buf_add(&r->asides, text, len))
		return false;
	last->end = r->asides.len;
	return true;
}

static enum assay_status send_asides(struct reader *r, struct assay_error *err)
{
	size_t from = 0;
	enum assay_status st = ASSAY_OK;

	if (!r->waiting.len)
		return ASSAY_OK;
	for (size_t i = 0; i < r->waiting.len && st == ASSAY_OK; i++) {
		const struct aside *a = &r->waiting.items[i];

		if (a->end > from)
			st = send(r, &a->state, r->asides.data + from, a->end - from, err);
		from = a->end;
	}
	r->waiting.len = 0;
	buf_clear(&r->asides);
	r->pending = '\n';
	return st;
}

static enum assay_status put(struct reader *r, const struct state *s, const char *text, size_t len,
			     struct assay_error *err)
{
	if (!len)
		return ASSAY_OK;
	if (s->aside && put_aside(r, s, text, len))
		return ASSAY_OK;
	if (r->in_cell && !s->aside) {
		buf_add(&r->value, text, len);
		return ASSAY_OK;
	}
	return send(r, s, text, len, err);
}

/* A line of its own: aside if in the middle of something. */
static enum assay_status put_line(struct reader *r, enum assay_region region, const char *text,
				  size_t len, struct assay_error *err)
{
	struct state s = r->s;
	enum assay_status st;

	if (!len)
		return ASSAY_OK;
	s.region = (uint8_t)region;
	s.aside |= r->paragraphs || r->in_cell;
	if (!s.aside && r->any && !r->pending)
		r->pending = '\n';
	st = put(r, &s, text, len, err);
	if (s.aside)
		return st == ASSAY_OK ? put(r, &s, "\n", 1, err) : st;
	r->pending = '\n';
	return st;
}

/* White space of any kind and number is one space. */
static enum assay_status put_prose(struct reader *r, const char *text, size_t len,
				   struct assay_error *err)
{
	size_t from = 0;
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < len && st == ASSAY_OK; i++) {
		if (!is_space(text[i])) {
			r->space = false;
			continue;
		}
		if (text[i] == ' ' && !r->space) {
			r->space = true;
			continue;
		}
		st = put(r, &r->s, text + from, i - from, err);
		from = i + 1;
		if (st == ASSAY_OK && !r->space)
			st = put(r, &r->s, " ", 1, err);
		r->space = true;
	}
	return st == ASSAY_OK ? put(r, &r->s, text + from, len - from, err) : st;
}

/* --- sheets ------------------------------------------------------------------------------ */

static bool is_collapsed(const struct markup_token *t)
{
	const struct markup_attr *a = xml_attr(t, "visibility");

	return attr_is(a, "collapse") || attr_is(a, "filter");
}

static enum assay_status start_table(struct reader *r, const struct markup_token *t,
				     struct assay_error *err)
{
	const struct markup_attr *name = xml_attr(t, "name");
	bool hidden =
	    odf_styles_flags(&r->o->styles, "table", xml_attr(t, "style-name")) & ODF_HIDDEN;

	if (!r->sheets)
		tablehead_begin(&r->heads);
	if (r->tables++ || !r->sheets)
		return ASSAY_OK;
	if (hidden)
		r->s.vis = ASSAY_HIDDEN_SHEET;
	/* What is kept of a sheet of another file is named after it. */
	if (name && name->value_len > 6 && !memcmp(name->value, "'file:", 6))
		r->s.vis = ASSAY_EXTERNAL_CACHE;
	r->row = 0;
	r->row_repeat = 1;
	r->columns = 0;
	memset(r->hidden, 0, sizeof(r->hidden));
	r->pending = '\0';
	return cells_sheet(&r->cells, name ? name->value : "", name ? name->value_len : 0,
			   (enum assay_vis)r->s.vis, err);
}

static void start_column(struct reader *r, const struct markup_token *t)
{
	uint32_t repeat = markup_number(xml_attr(t, "number-columns-repeated"), 1);
	uint32_t from = r->columns + 1;

	r->columns = MIN(SHEET_COLUMNS_MAX, r->columns + MIN(repeat, SHEET_COLUMNS_MAX));
	if (is_collapsed(t))
		for (uint32_t i = from; i <= r->columns; i++)
			r->hidden[i] = true;
}

static void start_row(struct reader *r, const struct markup_token *t)
{
	r->row += r->row_repeat;
	r->row_repeat = MAX(markup_number(xml_attr(t, "number-rows-repeated"), 1), 1);
	r->row_hidden = is_collapsed(t);
	r->column = 1;
}

static void start_cell(struct reader *r, const struct markup_token *t)
{
	static const char *const values[] = { "string-value", "date-value", "time-value", "value",
					      "boolean-value" };
	const struct markup_attr *type = xml_attr(t, "value-type"), *a;

	r->cell_repeat = MAX(markup_number(xml_attr(t, "number-columns-repeated"), 1), 1);
	r->in_cell = true;
	r->number = type && !attr_is(type, "string");
	buf_clear(&r->value);
	buf_clear(&r->raw);
	for (size_t i = 0; i < ARRAY_SIZE(values) && !r->raw.len; i++) {
		a = xml_attr(t, values[i]);
		if (a)
			buf_add(&r->raw, a->value, a->value_len);
	}
	a = xml_attr(t, "formula");
	if (a && memchr(a->value, '"', a->value_len) && a->value_len < FORMULAS_MAX) {
		buf_add(&r->formulas, a->value, a->value_len);
		buf_add_byte(&r->formulas, '\n');
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

static enum assay_status end_cell(struct reader *r, struct assay_error *err)
{
	const struct buf *v = shows_too_little(&r->value) && r->raw.len ? &r->raw : &r->value;
	struct cell cell = { .row = r->row,
			     .is_text = !r->number,
			     .vis = (enum assay_vis)r->s.vis,
			     .text = v->len ? v->data : "",
			     .len = v->len };
	uint32_t repeat = v->len ? MIN(r->cell_repeat, REPEAT_MAX) : 0;
	enum assay_status st = ASSAY_OK;

	r->in_cell = false;
	for (uint32_t i = 0; i < repeat && st == ASSAY_OK; i++) {
		cell.column = (uint32_t)MIN((uint64_t)r->column + i, SHEET_COLUMNS_MAX);
		if (r->s.vis == ASSAY_SHOWN)
			cell.vis = r->row_hidden            ? ASSAY_HIDDEN_ROW
				   : r->hidden[cell.column] ? ASSAY_HIDDEN_COLUMN
							    : ASSAY_SHOWN;
		st = cells_put(&r->cells, &cell, err);
	}
	if (st == ASSAY_OK && v->failed)
		st = sink_gap(r->o->out.sink, ASSAY_LIMIT_MEMORY, "a very long cell", err);
	r->any = true;
	r->column = (uint32_t)MIN((uint64_t)r->column + r->cell_repeat, SHEET_COLUMNS_MAX);
	return st;
}

/* Formulas with text in them: it is seen only by who looks for it. */
static enum assay_status end_sheet(struct reader *r, struct assay_error *err)
{
	struct state s = r->s;
	enum assay_status st = cells_end_row(&r->cells, err);

	if (st == ASSAY_OK)
		st = send_asides(r, err);
	s.vis = s.vis == ASSAY_SHOWN ? ASSAY_HIDDEN_TEXT : s.vis;
	if (st == ASSAY_OK && r->formulas.len) {
		r->pending = '\0';
		st = send(r, &s, r->formulas.data, r->formulas.len, err);
	}
	if (st == ASSAY_OK && r->formulas.failed)
		st = sink_gap(r->o->out.sink, ASSAY_LIMIT_MEMORY, "formulas of a sheet", err);
	buf_clear(&r->formulas);
	r->pending = '\0';
	return st;
}

/* --- elements ---------------------------------------------------------------------------- */

static void apply_style(struct reader *r, const char *family, const struct markup_token *t)
{
	unsigned flags = odf_styles_flags(&r->o->styles, family, xml_attr(t, "style-name"));

	if ((flags & ODF_HIDDEN) && r->s.vis == ASSAY_SHOWN)
		r->s.vis = ASSAY_HIDDEN_TEXT;
	if (r->word && (flags & ODF_WHITE))
		r->s.white = true;
	if (flags & ODF_SHADE)
		r->s.shade = true;
}

static void start_paragraph(struct reader *r, const struct markup_token *t)
{
	apply_style(r, "paragraph", t);
	if (r->in_cell && !r->s.aside && r->value.len)
		buf_add_byte(&r->value, '\n');
	else if (!r->s.aside && !r->in_cell && r->any && !r->pending && !r->tabs && !r->s.text)
		r->pending = '\n';
	if (!r->s.aside)
		r->paragraphs++;
	r->s.text = true;
	r->space = true;
}

static enum assay_status end_paragraph(struct reader *r, struct assay_error *err)
{
	r->space = false;
	if (r->s.aside)
		return put(r, &r->s, "\n", 1, err);
	r->paragraphs -= !!r->paragraphs;
	tablehead_text(&r->heads, " ", 1);
	if (r->in_cell)
		return ASSAY_OK;
	/* An empty one in a table's cell does not break the row. */
	if (!r->tabs) {
		/* Nothing since the last one's end: what follows stands apart. */
		r->blank = r->pending == '\n' && !r->heads.depth;
		r->pending = '\n';
	}
	return r->paragraphs ? ASSAY_OK : send_asides(r, err);
}

/* Something that hangs in the text, with text of its own. */
static void start_aside(struct reader *r, enum assay_region region)
{
	r->s.aside |= r->paragraphs || r->in_cell;
	r->s.text = false;
	r->s.region = (uint8_t)region;
	r->between = true;
}

static void start_frame(struct reader *r, const struct markup_token *t)
{
	static const struct {
		const char *class;
		enum assay_region region;
	} kinds[] = {
		{ "title", ASSAY_TITLE },
		{ "header", ASSAY_HEADER },
		{ "footer", ASSAY_FOOTER },
		{ "notes", ASSAY_NOTE },
	};
	const struct markup_attr *class = xml_attr(t, "class");
	enum assay_region region = (enum assay_region)r->s.region;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (region == ASSAY_BODY && attr_is(class, kinds[i].class))
			region = kinds[i].region;
	start_aside(r, region);
}

static enum assay_status start_page(struct reader *r, const struct markup_token *t,
				    struct assay_error *err)
{
	const struct markup_attr *name = xml_attr(t, "name");

	if (!has_prefix(t, "draw:"))
		return ASSAY_OK;
	r->seg.loc.slide++;
	if (odf_styles_flags(&r->o->styles, "drawing-page", xml_attr(t, "style-name")) & ODF_HIDDEN)
		r->s.vis = ASSAY_HIDDEN_TEXT;
	/* page1 and so on is nobody's name. */
	if (!name || (name->value_len >= 4 && !memcmp(name->value, "page", 4)))
		return ASSAY_OK;
	return put_line(r, ASSAY_NAME, name->value, name->value_len, err);
}

/* Text in attributes, the rest of a form's fields included. */
static enum assay_status tell_attrs(struct reader *r, const struct markup_token *t,
				    struct assay_error *err)
{
	static const char *const form[] = { "value", "current-value", "label", "title" };
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < ARRAY_SIZE(told) && st == ASSAY_OK; i++) {
		const struct markup_attr *a;

		if (told[i].local[0] != t->local[0] ||
		    !name_is(t->local, t->local_len, told[i].local))
			continue;
		a = xml_attr(t, told[i].attr);
		if (a && a->value_len && a->value[0] != '#')
			st = put_line(r, told[i].region, a->value, a->value_len, err);
	}
	if (!has_prefix(t, "form:"))
		return st;
	for (size_t i = 0; i < ARRAY_SIZE(form) && st == ASSAY_OK; i++) {
		const struct markup_attr *a = xml_attr(t, form[i]);

		if (a)
			st = put_line(r, ASSAY_BODY, a->value, a->value_len, err);
	}
	return st;
}

static enum assay_status tell_hidden(struct reader *r, const struct markup_token *t,
				     struct assay_error *err)
{
	static const char *const names[] = { "string-value", "string-value-if-true",
					     "string-value-if-false" };
	struct state before = r->s;
	enum assay_status st = ASSAY_OK;

	r->s.vis = ASSAY_HIDDEN_TEXT;
	for (size_t i = 0; i < ARRAY_SIZE(names) && st == ASSAY_OK; i++) {
		const struct markup_attr *a = xml_attr(t, names[i]);

		if (a)
			st = put_line(r, (enum assay_region)r->s.region, a->value, a->value_len,
				      err);
	}
	if (!xml_attr(t, "string-value-if-true"))
		before.vis = ASSAY_HIDDEN_TEXT;
	r->s = before;
	return st;
}

/* Spaces that are counted. */
static enum assay_status put_spaces(struct reader *r, const struct markup_token *t,
				    struct assay_error *err)
{
	static const char many[] = "                                ";
	uint32_t n = markup_number(xml_attr(t, "c"), 1);

	r->space = true;
	return put(r, &r->s, many, MIN(n, sizeof(many) - 1), err);
}

static enum assay_status start(struct reader *r, const struct markup_token *t,
			       struct assay_error *err)
{
	const struct markup_attr *a;
	enum tag tag = tag_of(t);

	if (r->s.styles)
		odf_styles_start(&r->o->styles, t);
	switch (tag) {
	case TAG_P:
		start_paragraph(r, t);
		return ASSAY_OK;
	case TAG_SPAN:
		apply_style(r, "text", t);
		return ASSAY_OK;
	case TAG_SPACES:
		return r->s.text ? put_spaces(r, t, err) : ASSAY_OK;
	case TAG_TAB:
		r->space = true;
		return r->s.text ? put(r, &r->s, "\t", 1, err) : ASSAY_OK;
	case TAG_BREAK:
		r->space = true;
		return r->s.text ? put(r, &r->s, "\n", 1, err) : ASSAY_OK;
	case TAG_SKIP:
	case TAG_CITATION:
		r->s.skip = true;
		return ASSAY_OK;
	case TAG_NOTE:
		start_aside(r, ASSAY_NOTE);
		return ASSAY_OK;
	case TAG_COMMENT:
		start_aside(r, ASSAY_COMMENT);
		return ASSAY_OK;
	case TAG_FRAME:
		start_frame(r, t);
		return ASSAY_OK;
	case TAG_DELETED:
		r->s.vis = ASSAY_DELETED;
		return ASSAY_OK;
	case TAG_CHANGE:
		r->s.region = ASSAY_METADATA;
		return ASSAY_OK;
	case TAG_SECTION:
		a = xml_attr(t, "display");
		if ((attr_is(a, "none") || attr_is(xml_attr(t, "is-hidden"), "true")) &&
		    r->s.vis == ASSAY_SHOWN)
			r->s.vis = ASSAY_HIDDEN_TEXT;
		return ASSAY_OK;
	case TAG_HIDDEN_TEXT:
		return tell_hidden(r, t, err);
	case TAG_TABLE:
		return start_table(r, t, err);
	case TAG_COLUMN:
		start_column(r, t);
		return ASSAY_OK;
	case TAG_ROW_GROUP:
		if (attr_is(xml_attr(t, "display"), "false") && r->s.vis == ASSAY_SHOWN)
			r->s.vis = ASSAY_HIDDEN_ROW;
		return ASSAY_OK;
	case TAG_ROW:
		start_row(r, t);
		tablehead_row(&r->heads);
		return ASSAY_OK;
	case TAG_CELL:
		tablehead_cell(&r->heads, false);
		if (odf_styles_flags(&r->o->styles, "table-cell", xml_attr(t, "style-name")) &
		    ODF_SHADE)
			r->s.shade = true;
		if (r->sheets && r->tables == 1)
			start_cell(r, t);
		return ASSAY_OK;
	case TAG_PAGE:
		return start_page(r, t, err);
	case TAG_NOTES:
		r->s.region = ASSAY_NOTE;
		r->s.vis = ASSAY_NOTES;
		return ASSAY_OK;
	case TAG_HEADER:
	case TAG_FOOTER:
		r->s.region = tag == TAG_HEADER ? ASSAY_HEADER : ASSAY_FOOTER;
		return ASSAY_OK;
	case TAG_STYLES:
		r->s.styles = true;
		return ASSAY_OK;
	case TAG_SHEETS:
		r->sheets = has_prefix(t, "office:");
		return ASSAY_OK;
	case TAG_PROSE:
		r->word |= has_prefix(t, "office:");
		break;
	case TAG_CONFIG:
		a = xml_attr(t, "name");
		r->s.quiet = !attr_is(xml_attr(t, "type"), "string") || attr_is(a, "PrinterSetup");
		return ASSAY_OK;
	default:
		break;
	}
	return t->attrs_len ? tell_attrs(r, t, err) : ASSAY_OK;
}

static enum assay_status end(struct reader *r, const struct markup_token *t,
			     struct assay_error *err)
{
	switch (tag_of(t)) {
	case TAG_P:
		return end_paragraph(r, err);
	case TAG_TABLE:
		r->tables -= !!r->tables;
		if (!r->sheets)
			tablehead_end(&r->heads);
		return r->sheets && !r->tables ? end_sheet(r, err) : ASSAY_OK;
	case TAG_ROW:
		if (r->sheets && r->tables == 1) {
			enum assay_status st = cells_end_row(&r->cells, err);

			r->pending = '\0';
			return st == ASSAY_OK && r->waiting.len ? send_asides(r, err) : st;
		}
		r->tabs = 0;
		r->pending = '\n';
		return ASSAY_OK;
	case TAG_CELL:
		if (r->in_cell && r->tables == 1)
			return end_cell(r, err);
		r->pending = '\0';
		r->tabs++;
		return ASSAY_OK;
	default:
		return ASSAY_OK;
	}
}

static enum assay_status text(struct reader *r, const struct markup_token *t,
			      struct assay_error *err)
{
	if (r->s.skip || r->s.quiet)
		return ASSAY_OK;
	if (r->s.text)
		return put_prose(r, t->text, t->len, err);
	/* Outside of paragraphs: a creator, a date, a script, formats in a style. */
	if ((r->between && is_all_space(t->text, t->len)) || (r->s.styles && t->len < 4))
		return ASSAY_OK;
	if (!r->between)
		return put(r, &r->s, t->text, t->len, err);
	r->between = false;
	if (r->s.aside)
		return put(r, &r->s, t->text, t->len, err);
	if (r->any && !r->pending)
		r->pending = '\n';
	return put(r, &r->s, t->text, t->len, err);
}

static void push(struct reader *r)
{
	struct state *s = r->lost ? NULL : vec_push(&r->stack);

	if (s)
		*s = r->s;
	else
		r->lost++;
}

static void pop(struct reader *r)
{
	if (r->lost)
		r->lost--;
	else if (r->stack.len)
		r->s = r->stack.items[--r->stack.len];
}

static enum assay_status token(struct reader *r, const struct markup_token *t,
			       struct assay_error *err)
{
	enum assay_status st;

	switch (t->kind) {
	case MARKUP_START:
		push(r);
		st = start(r, t, err);
		r->between = true;
		return st;
	case MARKUP_END:
		if (!r->between && !r->s.text) {
			if (r->s.aside) {
				st = put(r, &r->s, "\n", 1, err);
				if (st != ASSAY_OK)
					return st;
			} else {
				r->pending = '\n';
			}
		}
		r->between = true;
		st = end(r, t, err);
		pop(r);
		return st;
	case MARKUP_TEXT:
		return text(r, t, err);
	case MARKUP_COMMENT:
		return put_line(r, ASSAY_COMMENT, t->text, t->len, err);
	case MARKUP_PI:
		return name_is(t->name, t->name_len, "xml")
			   ? ASSAY_OK
			   : put_line(r, ASSAY_COMMENT, t->text, t->len, err);
	default:
		return put_line(r, ASSAY_BODY, t->text, t->len, err);
	}
}

static enum assay_status read_tokens(struct reader *r, struct part *p, struct assay_error *err)
{
	struct ooxml *package = &r->o->package;
	struct markup_token t;
	enum assay_status st = ASSAY_OK;

	while (st == ASSAY_OK && p->open) {
		st = part_next(package, p, &t, err);
		if (st != ASSAY_OK || t.kind == MARKUP_EOF)
			break;
		st = token(r, &t, err);
	}
	if (st == ASSAY_OK && r->in_cell)
		st = end_cell(r, err);
	if (st == ASSAY_OK)
		st = cells_end_row(&r->cells, err);
	if (st == ASSAY_OK)
		st = send_asides(r, err);
	if (st == ASSAY_OK && r->any)
		st = textout_break(&r->o->out, &r->seg, err);
	if (st == ASSAY_OK && p->open)
		st = part_close(package, p, err);
	return st == ASSAY_OK ? textout_flush(&r->o->out, err) : st;
}

static void reader_free(struct reader *r)
{
	cells_done(&r->cells);
	tablehead_done(&r->heads);
	vec_done(&r->stack);
	vec_done(&r->waiting);
	buf_done(&r->asides);
	buf_done(&r->value);
	buf_done(&r->raw);
	buf_done(&r->formulas);
	free(r);
}

enum assay_status odf_flow(struct odf *o, size_t index, const struct segment *seg,
			   struct assay_error *err)
{
	CLEANUP(part_done) struct part p = { 0 };
	struct reader *r = calloc(1, sizeof(*r));
	enum assay_status st;

	if (!r)
		return assay_fail_memory(err, "document text");
	*r = (struct reader){ .o = o,
			      .seg = *seg,
			      .s = { .region = (uint8_t)seg->region, .vis = (uint8_t)seg->vis },
			      .stack = VEC_INIT(STACK_MAX),
			      .between = true,
			      .asides = BUF_INIT(ASIDES_MAX + 1),
			      .waiting = VEC_INIT(65536),
			      .row_repeat = 1,
			      .value = BUF_INIT(CELL_MAX),
			      .raw = BUF_INIT(CELL_MAX),
			      .formulas = BUF_INIT(FORMULAS_MAX + 1) };
	st = cells_init(&r->cells, &o->out, err);
	r->cells.part = r->seg.loc.part;
	if (st == ASSAY_OK)
		st = part_open(&o->package, index, &p, err);
	if (st == ASSAY_OK)
		st = read_tokens(r, &p, err);
	reader_free(r);
	return st;
}
