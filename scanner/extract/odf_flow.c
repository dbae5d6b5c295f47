/*
 * odf_flow.c - the text of OpenDocument parts: paragraphs, tables, sheets, slides
 *
 * One pass.  What an element says of the text in it (region, visibility) is kept on a
 * stack.  What hangs in the middle of a paragraph or a row (notes, comments, frames) waits
 * for its end, so that it does not tear apart what a reader sees together.
 */
#include "odf.h"

#include "fail.h"
#include "joint.h"
#include "odf_sheet.h"
#include "tablehead.h"

#define ASIDES_MAX (4 * MiB)
#define STACK_MAX (1 << 20)

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
	struct joint joint;
	struct buf asides;
	struct vec(struct aside) waiting;

	/* Sheets. */
	bool sheets;
	unsigned tables;        /* open */
	struct tablehead heads; /* of tables in text */
	struct odf_sheet sheet;
};

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
	struct segment seg = segment_of(r, s);
	char between[JOINT_BYTES];
	enum assay_status st;

	if (!s->aside) {
		tablehead_text(&r->heads, text, len);
		seg.field = tablehead_field(&r->heads);
		seg.record = tablehead_record(&r->heads);
	}
	st = textout_put(&r->o->out, &seg, between, joint_take(&r->joint, between), err);
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
	r->joint.pending = '\n';
	return st;
}

static enum assay_status put(struct reader *r, const struct state *s, const char *text, size_t len,
			     struct assay_error *err)
{
	if (!len)
		return ASSAY_OK;
	if (s->aside && put_aside(r, s, text, len))
		return ASSAY_OK;
	if (r->sheet.in_cell && !s->aside) {
		buf_add(&r->sheet.value, text, len);
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
	s.aside |= r->paragraphs || r->sheet.in_cell;
	if (!s.aside)
		joint_break(&r->joint);
	st = put(r, &s, text, len, err);
	if (s.aside)
		return st == ASSAY_OK ? put(r, &s, "\n", 1, err) : st;
	r->joint.pending = '\n';
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
	r->joint.pending = '\0';
	return odf_sheet_begin(&r->sheet, name, (enum assay_vis)r->s.vis, err);
}

static enum assay_status end_sheet_cell(struct reader *r, struct assay_error *err)
{
	r->joint.any = true;
	return odf_sheet_end_cell(&r->sheet, (enum assay_vis)r->s.vis, err);
}

/* Formulas with text in them: it is seen only by who looks for it. */
static enum assay_status end_sheet(struct reader *r, struct assay_error *err)
{
	struct state s = r->s;
	enum assay_status st = cells_end_row(&r->sheet.cells, err);

	if (st == ASSAY_OK)
		st = send_asides(r, err);
	s.vis = s.vis == ASSAY_SHOWN ? ASSAY_HIDDEN_TEXT : s.vis;
	if (st == ASSAY_OK && r->sheet.formulas.len) {
		r->joint.pending = '\0';
		st = send(r, &s, r->sheet.formulas.data, r->sheet.formulas.len, err);
	}
	if (st == ASSAY_OK && r->sheet.formulas.failed)
		st = sink_gap(r->o->out.sink, ASSAY_LIMIT_MEMORY, "formulas of a sheet", err);
	buf_clear(&r->sheet.formulas);
	r->joint.pending = '\0';
	return st;
}

static enum assay_status end_table(struct reader *r, struct assay_error *err)
{
	r->tables -= !!r->tables;
	if (!r->sheets)
		tablehead_end(&r->heads);
	return r->sheets && !r->tables ? end_sheet(r, err) : ASSAY_OK;
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
	if (r->sheet.in_cell && !r->s.aside && r->sheet.value.len)
		buf_add_byte(&r->sheet.value, '\n');
	else if (!r->s.aside && !r->sheet.in_cell && !r->joint.tabs && !r->s.text)
		joint_break(&r->joint);
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
	if (r->sheet.in_cell)
		return ASSAY_OK;
	/* An empty one in a table's cell does not break the row. */
	if (!r->joint.tabs) {
		/* Nothing since the last one's end: what follows stands apart. */
		r->joint.blank = r->joint.pending == '\n' && !r->heads.depth;
		r->joint.pending = '\n';
	}
	return r->paragraphs ? ASSAY_OK : send_asides(r, err);
}

/* Something that hangs in the text, with text of its own. */
static void start_aside(struct reader *r, enum assay_region region)
{
	r->s.aside |= r->paragraphs || r->sheet.in_cell;
	r->s.text = false;
	r->s.region = (uint8_t)region;
	r->between = true;
}

static void start_frame(struct reader *r, const struct markup_token *t)
{
	static const struct region_name kinds[] = {
		{ "title", ASSAY_TITLE },
		{ "header", ASSAY_HEADER },
		{ "footer", ASSAY_FOOTER },
		{ "notes", ASSAY_NOTE },
	};
	enum assay_region region = (enum assay_region)r->s.region;

	if (region == ASSAY_BODY)
		region = region_named(xml_attr(t, "class"), kinds, ARRAY_SIZE(kinds), region);
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

	if (!r->s.text)
		return ASSAY_OK;
	r->space = true;
	return put(r, &r->s, many, MIN(n, sizeof(many) - 1), err);
}

static void start_span(struct reader *r, const struct markup_token *t)
{
	apply_style(r, "text", t);
}

static void start_section(struct reader *r, const struct markup_token *t)
{
	if (r->s.vis == ASSAY_SHOWN &&
	    (attr_is(xml_attr(t, "display"), "none") || attr_is(xml_attr(t, "is-hidden"), "true")))
		r->s.vis = ASSAY_HIDDEN_TEXT;
}

static void start_column(struct reader *r, const struct markup_token *t)
{
	odf_sheet_column(&r->sheet, t);
}

static void start_row_group(struct reader *r, const struct markup_token *t)
{
	if (attr_is(xml_attr(t, "display"), "false") && r->s.vis == ASSAY_SHOWN)
		r->s.vis = ASSAY_HIDDEN_ROW;
}

static void start_row(struct reader *r, const struct markup_token *t)
{
	odf_sheet_row(&r->sheet, t);
	tablehead_row(&r->heads);
}

static enum assay_status end_row(struct reader *r, struct assay_error *err)
{
	enum assay_status st;

	if (r->sheets && r->tables == 1) {
		st = cells_end_row(&r->sheet.cells, err);
		r->joint.pending = '\0';
		return st == ASSAY_OK && r->waiting.len ? send_asides(r, err) : st;
	}
	r->joint.tabs = 0;
	r->joint.pending = '\n';
	return ASSAY_OK;
}

static void start_cell(struct reader *r, const struct markup_token *t)
{
	tablehead_cell(&r->heads, false);
	if (odf_styles_flags(&r->o->styles, "table-cell", xml_attr(t, "style-name")) & ODF_SHADE)
		r->s.shade = true;
	if (r->sheets && r->tables == 1)
		odf_sheet_cell(&r->sheet, t);
}

static enum assay_status end_cell(struct reader *r, struct assay_error *err)
{
	if (r->sheet.in_cell && r->tables == 1)
		return end_sheet_cell(r, err);
	r->joint.pending = '\0';
	r->joint.tabs++;
	return ASSAY_OK;
}

static void start_sheets(struct reader *r, const struct markup_token *t)
{
	r->sheets = has_prefix(t, "office:");
}

static void start_prose(struct reader *r, const struct markup_token *t)
{
	r->word |= has_prefix(t, "office:");
}

static void start_config(struct reader *r, const struct markup_token *t)
{
	r->s.quiet =
	    !attr_is(xml_attr(t, "type"), "string") || attr_is(xml_attr(t, "name"), "PrinterSetup");
}

static const struct element {
	const char *local;
	uint8_t region, vis; /* of what is in it; 0: as around it */
	bool skip, styles;   /* as in struct state */
	bool aside;          /* hangs in the text, with text of its own */
	bool told;           /* its attributes may be text, as those of unknown elements */
	char character;      /* that it stands for */
	void (*note)(struct reader *r, const struct markup_token *t);
	enum assay_status (*start)(struct reader *r, const struct markup_token *t,
				   struct assay_error *err);
	enum assay_status (*end)(struct reader *r, struct assay_error *err);
} elements[] = {
	{ "p", .note = start_paragraph, .end = end_paragraph },
	{ "h", .note = start_paragraph, .end = end_paragraph },
	{ "span", .note = start_span },
	{ "s", .start = put_spaces },
	{ "tab", .character = '\t' },
	{ "line-break", .character = '\n' },
	{ "binary-data", .skip = true },
	{ "note-body", ASSAY_NOTE, .aside = true },
	{ "note-citation", .skip = true },
	{ "annotation", ASSAY_COMMENT, .aside = true },
	{ "frame", .note = start_frame },
	{ "custom-shape", .note = start_frame },
	{ "rect", .note = start_frame },
	{ "ellipse", .note = start_frame },
	{ "circle", .note = start_frame },
	{ "line", .note = start_frame },
	{ "polyline", .note = start_frame },
	{ "polygon", .note = start_frame },
	{ "path", .note = start_frame },
	{ "connector", .note = start_frame },
	{ "caption", .note = start_frame },
	{ "measure", .note = start_frame },
	{ "control", .note = start_frame },
	{ "deletion", .vis = ASSAY_DELETED },
	{ "cell-content-deletion", .vis = ASSAY_DELETED },
	{ "previous", .vis = ASSAY_DELETED },
	{ "change-info", ASSAY_METADATA },
	{ "section", .note = start_section },
	{ "hidden-text", .start = tell_hidden },
	{ "conditional-text", .start = tell_hidden },
	{ "hidden-paragraph", .start = tell_hidden },
	{ "table", .start = start_table, .end = end_table },
	{ "table-column", .note = start_column },
	{ "table-row-group", .note = start_row_group },
	{ "table-row", .note = start_row, .end = end_row },
	{ "table-cell", .note = start_cell, .end = end_cell },
	{ "covered-table-cell", .note = start_cell, .end = end_cell },
	{ "change-track-table-cell", .note = start_cell, .end = end_cell },
	{ "page", .start = start_page },
	{ "notes", ASSAY_NOTE, ASSAY_NOTES },
	{ "header", ASSAY_HEADER },
	{ "header-left", ASSAY_HEADER },
	{ "header-first", ASSAY_HEADER },
	{ "header-decl", ASSAY_HEADER },
	{ "footer", ASSAY_FOOTER },
	{ "footer-left", ASSAY_FOOTER },
	{ "footer-first", ASSAY_FOOTER },
	{ "footer-decl", ASSAY_FOOTER },
	{ "automatic-styles", .styles = true },
	{ "styles", .styles = true },
	{ "spreadsheet", .note = start_sheets },
	{ "text", .told = true, .note = start_prose },
	{ "config-item", .note = start_config },
};

static const struct element *element_of(const struct markup_token *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(elements); i++)
		if (elements[i].local[0] == t->local[0] &&
		    name_is(t->local, t->local_len, elements[i].local))
			return &elements[i];
	return NULL;
}

static enum assay_status put_character(struct reader *r, const char *c, struct assay_error *err)
{
	r->space = true;
	return r->s.text ? put(r, &r->s, c, 1, err) : ASSAY_OK;
}

static enum assay_status start(struct reader *r, const struct markup_token *t,
			       struct assay_error *err)
{
	const struct element *e = element_of(t);
	enum assay_status st = ASSAY_OK;

	if (r->s.styles)
		odf_styles_start(&r->o->styles, t);
	if (e) {
		r->s.region = e->region ? e->region : r->s.region;
		r->s.vis = e->vis ? e->vis : r->s.vis;
		r->s.skip |= e->skip;
		r->s.styles |= e->styles;
		if (e->aside)
			start_aside(r, (enum assay_region)r->s.region);
		if (e->character)
			st = put_character(r, &e->character, err);
		if (e->note)
			e->note(r, t);
		if (e->start)
			st = e->start(r, t, err);
		if (!e->told)
			return st;
	}
	return t->attrs_len ? tell_attrs(r, t, err) : ASSAY_OK;
}

static enum assay_status end(struct reader *r, const struct markup_token *t,
			     struct assay_error *err)
{
	const struct element *e = element_of(t);

	return e && e->end ? e->end(r, err) : ASSAY_OK;
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
	joint_break(&r->joint);
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
				r->joint.pending = '\n';
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

	while (part_more(package, p, &t, &st, err)) {
		st = token(r, &t, err);
	}
	if (st == ASSAY_OK && r->sheet.in_cell)
		st = end_sheet_cell(r, err);
	if (st == ASSAY_OK)
		st = cells_end_row(&r->sheet.cells, err);
	if (st == ASSAY_OK)
		st = send_asides(r, err);
	if (st == ASSAY_OK && r->joint.any)
		st = textout_break(&r->o->out, &r->seg, err);
	if (st == ASSAY_OK)
		st = part_close(package, p, err);
	return st == ASSAY_OK ? textout_flush(&r->o->out, err) : st;
}

static void reader_free(struct reader *r)
{
	odf_sheet_done(&r->sheet);
	tablehead_done(&r->heads);
	vec_done(&r->stack);
	vec_done(&r->waiting);
	buf_done(&r->asides);
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
			      .waiting = VEC_INIT(65536) };
	st = odf_sheet_init(&r->sheet, &o->out, r->seg.loc.part, err);
	if (st == ASSAY_OK)
		st = part_open(&o->package, index, &p, err);
	if (st == ASSAY_OK)
		st = read_tokens(r, &p, err);
	reader_free(r);
	return st;
}
