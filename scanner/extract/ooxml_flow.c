/* ooxml_flow.c - paragraphs, runs and tables of text, and parts of no known form */
#include "ooxml.h"

#include <stdio.h>

#include "fail.h"
#include "joint.h"
#include "tablehead.h"

#define ALTERNATIVE_MAX (1 * MiB)

/*
 * Most elements are in neither table: by first letter, the lengths that are.  Built once
 * a document from the tables themselves.
 */
static void add_filter(uint32_t *filter, const char *local)
{
	filter[local[0] & 127] |= UINT32_C(1) << (strlen(local) & 31);
}

static bool in_filter(const uint32_t *filter, const char *local, size_t len)
{
	return filter[local[0] & 127] >> (len & 31) & 1;
}

/* Attributes that a reader sees, or that somebody wrote. */
static const struct {
	const char *local, *attr;
	enum assay_region region;
} told[] = {
	{ "docPr", "descr", ASSAY_BODY },
	{ "docPr", "title", ASSAY_BODY },
	{ "cNvPr", "descr", ASSAY_BODY },
	{ "cNvPr", "title", ASSAY_BODY },
	{ "docVar", "val", ASSAY_METADATA },
	{ "alias", "val", ASSAY_BODY },
	{ "fldSimple", "instr", ASSAY_BODY },
	{ "comment", "author", ASSAY_COMMENT },
	{ "cmAuthor", "name", ASSAY_COMMENT },
	{ "author", "name", ASSAY_COMMENT },
	{ "person", "author", ASSAY_METADATA },
	{ "person", "displayName", ASSAY_METADATA },
	{ "presenceInfo", "userId", ASSAY_METADATA },
	{ "ins", "author", ASSAY_METADATA },
	{ "del", "author", ASSAY_METADATA },
	{ "query", "val", ASSAY_METADATA },
	{ "connectString", "val", ASSAY_METADATA },
	{ "shape", "alt", ASSAY_BODY },
	{ "hyperlink", "tooltip", ASSAY_BODY },
	{ "section", "name", ASSAY_BODY },
	{ "ffData", "name", ASSAY_BODY },
	{ "helpText", "val", ASSAY_BODY },
	{ "statusText", "val", ASSAY_BODY },
	{ "listItem", "displayText", ASSAY_BODY },
	{ "custShow", "name", ASSAY_BODY },
};

/* What comes between an element's tags. */
enum inside {
	INSIDE_OTHER,
	INSIDE_TEXT,
	INSIDE_DELETED,
	INSIDE_NUMBERS, /* places and sizes, not text */
};

struct flow {
	struct ooxml *o;
	struct segment seg; /* of the part */
	enum assay_region region;
	bool all_attrs; /* a part of no known kind: what it says may be in attributes */
	bool word;

	enum inside inside; /* what text comes next */
	unsigned deleted;
	unsigned paragraphs; /* open */
	bool vanish, white;
	bool shade_run, shade_cell;
	bool slide_hidden;
	struct joint joint;

	/* AlternateContent: the fallback that says what the choice said is left out. */
	unsigned choice, fallback;
	struct buf chosen, fallen;
	char last_author[64];
	struct tablehead tables;
};

static enum assay_vis flow_vis(const struct flow *f)
{
	if (f->deleted || f->inside == INSIDE_DELETED)
		return ASSAY_DELETED;
	if (f->vanish || f->slide_hidden)
		return ASSAY_HIDDEN_TEXT;
	if (f->white && !f->shade_run && !f->shade_cell)
		return ASSAY_WHITE_TEXT;
	return f->seg.vis;
}

static enum assay_status flow_send(struct flow *f, const struct segment *seg, const char *text,
				   size_t len, struct assay_error *err)
{
	char between[JOINT_BYTES];
	enum assay_status st;

	if (!len)
		return ASSAY_OK;
	st = ooxml_text(f->o, seg, between, joint_take(&f->joint, between), err);
	return st == ASSAY_OK ? ooxml_text(f->o, seg, text, len, err) : st;
}

static enum assay_status flow_text(struct flow *f, const char *text, size_t len,
				   struct assay_error *err)
{
	struct segment seg = f->seg;

	if (f->fallback) {
		buf_add(&f->fallen, text, len);
		return ASSAY_OK;
	}
	if (f->choice)
		buf_add(&f->chosen, text, len);
	tablehead_text(&f->tables, text, len);
	seg.field = tablehead_field(&f->tables);
	seg.record = tablehead_record(&f->tables);
	seg.region = f->region;
	seg.vis = flow_vis(f);
	return flow_send(f, &seg, text, len, err);
}

/* A line of its own, such as an attribute. */
static enum assay_status flow_line(struct flow *f, enum assay_region region, const char *field,
				   const char *text, size_t len, struct assay_error *err)
{
	struct segment seg = f->seg;
	enum assay_status st;

	if (!len)
		return ASSAY_OK;
	seg.region = region;
	seg.field = field;
	joint_break(&f->joint);
	st = flow_send(f, &seg, text, len, err);
	/* `field` may not outlive this. */
	if (st == ASSAY_OK && field)
		st = ooxml_flush(f->o, err);
	f->joint.pending = '\n';
	return st;
}

static enum assay_status send_fallback(struct flow *f, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;
	bool same = !f->fallen.failed && !f->chosen.failed && f->fallen.len == f->chosen.len &&
		    (!f->fallen.len || !memcmp(f->fallen.data, f->chosen.data, f->fallen.len));

	if (!same)
		st = flow_line(f, f->region, NULL, f->fallen.data, f->fallen.len, err);
	if (st == ASSAY_OK && f->fallen.failed)
		st = sink_gap(f->o->sink, ASSAY_LIMIT_MEMORY, "alternate content", err);
	buf_clear(&f->fallen);
	return st;
}

/* Every change has its author: once is enough. */
static bool is_same_author(struct flow *f, const struct markup_attr *a)
{
	if (a->value_len < sizeof(f->last_author) &&
	    name_is(a->value, a->value_len, f->last_author))
		return true;
	copy_name(f->last_author, sizeof(f->last_author), a->value, a->value_len);
	return false;
}

/* Attributes that the table names. */
static enum assay_status told_attrs(struct flow *f, const struct markup_token *t,
				    struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	if (!in_filter(f->o->told_filter, t->local, t->local_len))
		return ASSAY_OK;
	for (size_t i = 0; i < ARRAY_SIZE(told) && st == ASSAY_OK; i++) {
		const struct markup_attr *a;

		if (told[i].local[0] != t->local[0] ||
		    !name_is(t->local, t->local_len, told[i].local))
			continue;
		a = xml_attr(t, told[i].attr);
		if (!a || !a->value_len ||
		    (!strcmp(told[i].attr, "author") && is_same_author(f, a)))
			continue;
		st = flow_line(f, told[i].region, told[i].attr, a->value, a->value_len, err);
	}
	return st;
}

/* Attributes of an element that are text. */
static enum assay_status flow_attrs(struct flow *f, const struct markup_token *t,
				    struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;
	char field[64];

	if (!f->all_attrs)
		return told_attrs(f, t, err);
	for (size_t i = 0; i < t->attrs_len && st == ASSAY_OK; i++) {
		const struct markup_attr *a = &t->attrs[i];

		if (!strncmp(a->name, "xmlns", MIN(a->name_len, 5)) || a->name_len != a->local_len)
			continue;
		copy_name(field, sizeof(field), a->local, a->local_len);
		st = flow_line(f, f->region, field, a->value, a->value_len, err);
	}
	return st;
}

static void plain_run(struct flow *f)
{
	f->vanish = f->white = f->shade_run = false;
}

static void begin_paragraph(struct flow *f)
{
	f->paragraphs++;
	plain_run(f);
}

static void end_paragraph(struct flow *f)
{
	f->paragraphs -= !!f->paragraphs;
	f->shade_run = false;
	tablehead_text(&f->tables, " ", 1);
	if (f->fallback)
		buf_add_byte(&f->fallen, '\n');
	else if (f->choice)
		buf_add_byte(&f->chosen, '\n');
	/* Nothing since the last one's end: what follows stands apart. */
	f->joint.blank = f->joint.pending == '\n' && !f->paragraphs && !f->tables.depth;
	f->joint.pending = '\n';
}

/* In a list of tab stops it is a place, not a character. */
static enum assay_status start_tab(struct flow *f, const struct markup_token *t,
				   struct assay_error *err)
{
	return t->attrs_len && xml_attr(t, "pos") ? ASSAY_OK : flow_text(f, "\t", 1, err);
}

/* The text before has a heading for its field, which the table may take the place of. */
static enum assay_status start_table(struct flow *f, const struct markup_token *t,
				     struct assay_error *err)
{
	(void)t;
	tablehead_begin(&f->tables);
	return ooxml_flush(f->o, err);
}

static void end_table(struct flow *f)
{
	tablehead_end(&f->tables);
}

static void begin_row(struct flow *f)
{
	tablehead_row(&f->tables);
}

static void end_row(struct flow *f)
{
	f->joint.tabs = 0;
	f->joint.pending = '\n';
}

static void begin_cell(struct flow *f)
{
	tablehead_cell(&f->tables, false);
}

static void end_cell(struct flow *f)
{
	f->shade_cell = false;
	f->joint.pending = '\0';
	f->joint.tabs++;
}

static void note_span(struct flow *f, const struct markup_token *t)
{
	tablehead_span(&f->tables, markup_number(xml_attr(t, "val"), 1));
}

static void begin_deleted(struct flow *f)
{
	f->deleted++;
}

static void end_deleted(struct flow *f)
{
	f->deleted -= !!f->deleted;
}

static void note_vanish(struct flow *f, const struct markup_token *t)
{
	f->vanish = attr_on(xml_attr(t, "val"));
}

static void note_colour(struct flow *f, const struct markup_token *t)
{
	const struct markup_attr *a = xml_attr(t, "val");

	f->white = f->word && (attr_is(a, "FFFFFF") || attr_is(a, "ffffff"));
}

static void note_shade(struct flow *f, const struct markup_token *t)
{
	const struct markup_attr *a = xml_attr(t, "fill");

	if (a ? !(attr_is(a, "auto") || attr_is(a, "FFFFFF")) : attr_on(xml_attr(t, "val")))
		*(f->paragraphs ? &f->shade_run : &f->shade_cell) = true;
}

static void begin_choice(struct flow *f)
{
	if (!f->choice++)
		buf_clear(&f->chosen);
}

static void end_choice(struct flow *f)
{
	f->choice -= !!f->choice;
}

static void begin_fallback(struct flow *f)
{
	f->fallback++;
}

static enum assay_status end_fallback(struct flow *f, struct assay_error *err)
{
	f->fallback -= !!f->fallback;
	return f->fallback ? ASSAY_OK : send_fallback(f, err);
}

static void edge_of_box(struct flow *f)
{
	if (!f->fallback)
		f->joint.pending = '\n';
}

static void edge_of_shape(struct flow *f)
{
	f->region = f->seg.region;
}

static void note_placeholder(struct flow *f, const struct markup_token *t)
{
	static const struct region_name kinds[] = {
		{ "ftr", ASSAY_FOOTER },
		{ "hdr", ASSAY_HEADER },
		{ "title", ASSAY_TITLE },
		{ "ctrTitle", ASSAY_TITLE },
	};

	if (f->seg.region == ASSAY_BODY)
		f->region = region_named(xml_attr(t, "type"), kinds, ARRAY_SIZE(kinds), f->region);
}

static enum assay_status start_textpath(struct flow *f, const struct markup_token *t,
					struct assay_error *err)
{
	const struct markup_attr *a = xml_attr(t, "string");

	return a ? flow_line(f, ASSAY_WATERMARK, NULL, a->value, a->value_len, err) : ASSAY_OK;
}

static void note_slide(struct flow *f, const struct markup_token *t)
{
	const struct markup_attr *a = xml_attr(t, "show");

	f->slide_hidden = a && !attr_on(a);
}

static const struct element {
	const char *local;
	enum inside inside; /* what its text is */
	char character;     /* that it stands for */
	bool told;          /* its attributes may be text, as those of unknown elements */
	void (*enter)(struct flow *f);
	void (*leave)(struct flow *f);
	void (*note)(struct flow *f, const struct markup_token *t);
	enum assay_status (*start)(struct flow *f, const struct markup_token *t,
				   struct assay_error *err);
	enum assay_status (*end)(struct flow *f, struct assay_error *err);
} elements[] = {
	{ "t", INSIDE_TEXT },
	{ "r", .enter = plain_run, .leave = plain_run },
	{ "p", .enter = begin_paragraph, .leave = end_paragraph },
	{ "tab", .start = start_tab },
	{ "ptab", .start = start_tab },
	{ "br", .character = '\n' },
	{ "cr", .character = '\n' },
	{ "noBreakHyphen", .character = '-' },
	{ "tc", .told = true, .enter = begin_cell, .leave = end_cell },
	{ "tr", .told = true, .enter = begin_row, .leave = end_row },
	{ "tbl", .start = start_table, .leave = end_table },
	{ "gridSpan", .note = note_span },
	{ "del", .told = true, .enter = begin_deleted, .leave = end_deleted },
	{ "moveFrom", .told = true, .enter = begin_deleted, .leave = end_deleted },
	{ "delText", INSIDE_DELETED },
	{ "delInstrText", INSIDE_DELETED },
	{ "instrText", INSIDE_TEXT },
	{ "vanish", .note = note_vanish },
	{ "color", .note = note_colour },
	{ "shd", .note = note_shade },
	{ "highlight", .note = note_shade },
	{ "Choice", .enter = begin_choice, .leave = end_choice },
	{ "Fallback", .enter = begin_fallback, .end = end_fallback },
	{ "txbxContent", .enter = edge_of_box, .leave = edge_of_box },
	{ "sp", .enter = edge_of_shape, .leave = edge_of_shape },
	{ "ph", .note = note_placeholder },
	{ "textpath", .start = start_textpath },
	{ "sld", .note = note_slide },
	{ "posOffset", INSIDE_NUMBERS },
	{ "align", INSIDE_NUMBERS },
	{ "pctWidth", INSIDE_NUMBERS },
	{ "pctHeight", INSIDE_NUMBERS },
	{ "pctPosHOffset", INSIDE_NUMBERS },
	{ "pctPosVOffset", INSIDE_NUMBERS },
};

void ooxml_flow_prepare(struct ooxml *o)
{
	for (size_t i = 0; i < ARRAY_SIZE(elements); i++)
		add_filter(o->tag_filter, elements[i].local);
	for (size_t i = 0; i < ARRAY_SIZE(told); i++)
		add_filter(o->told_filter, told[i].local);
}

static const struct element *element_of(const struct flow *f, const struct markup_token *t)
{
	if (!in_filter(f->o->tag_filter, t->local, t->local_len))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(elements); i++)
		if (elements[i].local[0] == t->local[0] &&
		    name_is(t->local, t->local_len, elements[i].local))
			return &elements[i];
	return NULL;
}

static enum assay_status flow_start(struct flow *f, const struct markup_token *t,
				    struct assay_error *err)
{
	const struct element *e = element_of(f, t);
	enum assay_status st = ASSAY_OK;

	if (e) {
		f->inside = e->inside ? e->inside : f->inside;
		if (e->enter)
			e->enter(f);
		if (e->note)
			e->note(f, t);
		if (e->start)
			st = e->start(f, t, err);
		if (e->character)
			st = flow_text(f, &e->character, 1, err);
		if (!e->told)
			return st;
	}
	return t->attrs_len ? flow_attrs(f, t, err) : ASSAY_OK;
}

static enum assay_status flow_end(struct flow *f, const struct markup_token *t,
				  struct assay_error *err)
{
	const struct element *e = element_of(f, t);

	if (!e)
		return ASSAY_OK;
	if (e->inside)
		f->inside = INSIDE_OTHER;
	if (e->leave)
		e->leave(f);
	return e->end ? e->end(f, err) : ASSAY_OK;
}

/*
 * Lists of styles and colours are large and say nothing.  Is there anything between the
 * tags, or is it not certain?  A `>` in an attribute counts as text: then it is read.
 */
static bool is_quiet(const uint8_t *data, size_t len)
{
	const char *p = (const char *)data, *end = p + len;

	while ((p = memchr(p, '>', (size_t)(end - p)))) {
		for (p++; p < end && is_space(*p); p++)
			;
		if (p == end)
			return true;
		if (*p != '<' || p + 1 == end || p[1] == '!' || p[1] == '?')
			return false;
	}
	return false;
}

static bool is_style_part(const char *part)
{
	static const char *const parts[] = {
		"word/styles",      "word/numbering", "word/theme/", "word/fontTable",
		"word/webSettings", "xl/theme/",      "ppt/theme/",  "ppt/tableStyles",
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strncmp(part, parts[i], strlen(parts[i])))
			return true;
	return false;
}

/* May a part say what it has to say in any attribute?  Not where we know its elements. */
static bool is_of_unknown_kind(const char *part)
{
	static const char *const begin[] = { "word/", "ppt/slide", "ppt/notes",
					     "ppt/handoutMasters", "ppt/presProps" };
	static const char *const within[] = { "theme/",       "drawings/",   "charts/",
					      "diagrams/",    "tableStyles", "ppt/presentation",
					      "ppt/viewProps" };

	for (size_t i = 0; i < ARRAY_SIZE(begin); i++)
		if (name_starts(part, begin[i]))
			return false;
	for (size_t i = 0; i < ARRAY_SIZE(within); i++)
		if (strstr(part, within[i]))
			return false;
	return true;
}

static enum assay_status flow_token(struct flow *f, const struct markup_token *t, bool *between,
				    struct assay_error *err)
{
	switch (t->kind) {
	case MARKUP_START:
		*between = true;
		return flow_start(f, t, err);
	case MARKUP_END:
		*between = true;
		return flow_end(f, t, err);
	case MARKUP_TEXT:
		if (f->inside == INSIDE_TEXT || f->inside == INSIDE_DELETED)
			return flow_text(f, t->text, t->len, err);
		if (f->inside == INSIDE_NUMBERS)
			return ASSAY_OK;
		/* Of an element we do not know: on its own line, in one piece. */
		if (*between && is_all_space(t->text, t->len))
			return ASSAY_OK;
		if (*between)
			joint_break(&f->joint);
		*between = false;
		return flow_text(f, t->text, t->len, err);
	case MARKUP_COMMENT:
	case MARKUP_PI:
		if (t->kind == MARKUP_PI && name_is(t->name, t->name_len, "xml"))
			return ASSAY_OK;
		return t->len ? flow_line(f, ASSAY_COMMENT, NULL, t->text, t->len, err) : ASSAY_OK;
	case MARKUP_DOCTYPE:
		return flow_line(f, f->region, NULL, t->text, t->len, err);
	default:
		return ASSAY_OK;
	}
}

enum assay_status ooxml_flow(struct ooxml *o, size_t index, struct segment seg,
			     struct assay_error *err)
{
	CLEANUP(part_done) struct part p = { 0 };
	struct flow f = { .o = o,
			  .seg = seg,
			  .region = seg.region,
			  .word = name_starts(seg.loc.part, "word/"),
			  .chosen = BUF_INIT(ALTERNATIVE_MAX),
			  .fallen = BUF_INIT(ALTERNATIVE_MAX) };
	struct markup_token t;
	bool between = true;
	enum assay_status st = part_open(o, index, &p, err), sent;

	f.all_attrs = is_of_unknown_kind(seg.loc.part);
	if (st == ASSAY_OK && p.data && is_style_part(seg.loc.part) && is_quiet(p.data, p.len))
		return ASSAY_OK;
	while (part_more(o, &p, &t, &st, err)) {
		st = flow_token(&f, &t, &between, err);
	}
	if (st == ASSAY_OK && p.open && f.fallback)
		st = send_fallback(&f, err);
	buf_done(&f.chosen);
	buf_done(&f.fallen);
	if (st == ASSAY_OK && f.joint.any)
		st = ooxml_text(o, &seg, "\n", 1, err);
	if (st == ASSAY_OK)
		st = part_close(o, &p, err);
	/* What came is sent however it ended: its field may be a heading. */
	sent = ooxml_flush(o, st == ASSAY_OK ? err : NULL);
	tablehead_done(&f.tables);
	return st == ASSAY_OK ? sent : st;
}
