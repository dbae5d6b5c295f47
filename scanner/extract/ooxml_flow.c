/* ooxml_flow.c - paragraphs, runs and tables of text, and parts of no known form */
#include "ooxml.h"

#include <stdio.h>

#include "fail.h"
#include "tablehead.h"

#define ALTERNATIVE_MAX (1 * MiB)

enum tag {
	TAG_OTHER,
	TAG_TEXT,    /* t, instrText */
	TAG_DELTEXT, /* delText, delInstrText */
	TAG_P,
	TAG_R,
	TAG_TAB,
	TAG_BREAK,
	TAG_HYPHEN,
	TAG_CELL,
	TAG_ROW,
	TAG_TABLE,
	TAG_SPAN,
	TAG_DELETED,
	TAG_VANISH,
	TAG_COLOR,
	TAG_SHADE,
	TAG_CHOICE,
	TAG_FALLBACK,
	TAG_BOX,
	TAG_SHAPE,
	TAG_PLACEHOLDER,
	TAG_TEXTPATH,
	TAG_SLIDE,
	TAG_NUMBERS, /* places and sizes, not text */
};

static const struct {
	const char *local;
	enum tag tag;
} tags[] = {
	{ "t", TAG_TEXT },
	{ "r", TAG_R },
	{ "p", TAG_P },
	{ "tab", TAG_TAB },
	{ "ptab", TAG_TAB },
	{ "br", TAG_BREAK },
	{ "cr", TAG_BREAK },
	{ "noBreakHyphen", TAG_HYPHEN },
	{ "tc", TAG_CELL },
	{ "tr", TAG_ROW },
	{ "tbl", TAG_TABLE },
	{ "gridSpan", TAG_SPAN },
	{ "del", TAG_DELETED },
	{ "moveFrom", TAG_DELETED },
	{ "delText", TAG_DELTEXT },
	{ "delInstrText", TAG_DELTEXT },
	{ "instrText", TAG_TEXT },
	{ "vanish", TAG_VANISH },
	{ "color", TAG_COLOR },
	{ "shd", TAG_SHADE },
	{ "highlight", TAG_SHADE },
	{ "Choice", TAG_CHOICE },
	{ "Fallback", TAG_FALLBACK },
	{ "txbxContent", TAG_BOX },
	{ "sp", TAG_SHAPE },
	{ "ph", TAG_PLACEHOLDER },
	{ "textpath", TAG_TEXTPATH },
	{ "sld", TAG_SLIDE },
	{ "posOffset", TAG_NUMBERS },
	{ "align", TAG_NUMBERS },
	{ "pctWidth", TAG_NUMBERS },
	{ "pctHeight", TAG_NUMBERS },
	{ "pctPosHOffset", TAG_NUMBERS },
	{ "pctPosVOffset", TAG_NUMBERS },
};

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

static enum tag tag_of(const struct ooxml *o, const char *local, size_t len)
{
	if (!in_filter(o->tag_filter, local, len))
		return TAG_OTHER;
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (tags[i].local[0] == local[0] && name_is(local, len, tags[i].local))
			return tags[i].tag;
	return TAG_OTHER;
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

void ooxml_flow_prepare(struct ooxml *o)
{
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		add_filter(o->tag_filter, tags[i].local);
	for (size_t i = 0; i < ARRAY_SIZE(told); i++)
		add_filter(o->told_filter, told[i].local);
}

struct flow {
	struct ooxml *o;
	struct segment seg; /* of the part */
	enum assay_region region;
	bool all_attrs; /* a part of no known kind: what it says may be in attributes */
	bool word;

	enum tag inside; /* whose text comes next */
	unsigned deleted;
	unsigned paragraphs; /* open */
	bool vanish, white;
	bool shade_run, shade_cell;
	bool slide_hidden;
	char pending; /* between this and what comes next */
	bool blank;   /* and an empty paragraph */
	unsigned tabs;
	bool any; /* something was sent */

	/* AlternateContent: the fallback that says what the choice said is left out. */
	unsigned choice, fallback;
	struct buf chosen, fallen;
	char last_author[64];
	struct tablehead tables;
};

static enum assay_vis flow_vis(const struct flow *f)
{
	if (f->deleted || f->inside == TAG_DELTEXT)
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
	static const char many[] = "\t\t\t\t\t\t\t\t";
	enum assay_status st = ASSAY_OK;

	if (!len)
		return ASSAY_OK;
	if (f->pending && f->any)
		st = ooxml_text(f->o, seg, &f->pending, 1, err);
	if (f->blank && f->any && st == ASSAY_OK)
		st = ooxml_text(f->o, seg, "\n", 1, err);
	if (f->tabs && st == ASSAY_OK)
		st = ooxml_text(f->o, seg, many, MIN(f->tabs, sizeof(many) - 1), err);
	f->pending = '\0';
	f->blank = false;
	f->tabs = 0;
	f->any = true;
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
	if (f->any && !f->pending)
		f->pending = '\n';
	st = flow_send(f, &seg, text, len, err);
	/* `field` may not outlive this. */
	if (st == ASSAY_OK && field)
		st = ooxml_flush(f->o, err);
	f->pending = '\n';
	return st;
}

static enum assay_status end_fallback(struct flow *f, struct assay_error *err)
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

/* Attributes of an element that are text. */
static enum assay_status flow_attrs(struct flow *f, const struct markup_token *t,
				    struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;
	char field[64];

	if (!f->all_attrs) {
		if (!in_filter(f->o->told_filter, t->local, t->local_len))
			return ASSAY_OK;
		for (size_t i = 0; i < ARRAY_SIZE(told) && st == ASSAY_OK; i++) {
			const struct markup_attr *a;

			if (told[i].local[0] != t->local[0] ||
			    !name_is(t->local, t->local_len, told[i].local))
				continue;
			a = xml_attr(t, told[i].attr);
			if (!a || !a->value_len)
				continue;
			/* Every change has its author: once is enough. */
			if (!strcmp(told[i].attr, "author")) {
				if (a->value_len < sizeof(f->last_author) &&
				    name_is(a->value, a->value_len, f->last_author))
					continue;
				snprintf(f->last_author, sizeof(f->last_author), "%.*s",
					 (int)MIN(a->value_len, sizeof(field) - 1), a->value);
			}
			st =
			    flow_line(f, told[i].region, told[i].attr, a->value, a->value_len, err);
		}
		return st;
	}
	for (size_t i = 0; i < t->attrs_len && st == ASSAY_OK; i++) {
		const struct markup_attr *a = &t->attrs[i];

		if (!strncmp(a->name, "xmlns", MIN(a->name_len, 5)) || a->name_len != a->local_len)
			continue;
		snprintf(field, sizeof(field), "%.*s", (int)MIN(a->local_len, sizeof(field) - 1),
			 a->local);
		st = flow_line(f, f->region, field, a->value, a->value_len, err);
	}
	return st;
}

static void placeholder(struct flow *f, const struct markup_token *t)
{
	static const struct {
		const char *type;
		enum assay_region region;
	} kinds[] = {
		{ "ftr", ASSAY_FOOTER },
		{ "hdr", ASSAY_HEADER },
		{ "title", ASSAY_TITLE },
		{ "ctrTitle", ASSAY_TITLE },
	};
	const struct markup_attr *type = xml_attr(t, "type");

	if (f->seg.region != ASSAY_BODY)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (attr_is(type, kinds[i].type))
			f->region = kinds[i].region;
}

static enum assay_status flow_start(struct flow *f, const struct markup_token *t,
				    struct assay_error *err)
{
	const struct markup_attr *a;
	enum tag tag = tag_of(f->o, t->local, t->local_len);

	switch (tag) {
	case TAG_P:
		f->paragraphs++;
		f->vanish = f->white = f->shade_run = false;
		return ASSAY_OK;
	case TAG_R:
		f->vanish = f->white = f->shade_run = false;
		return ASSAY_OK;
	case TAG_TEXT:
	case TAG_DELTEXT:
	case TAG_NUMBERS:
		f->inside = tag;
		return ASSAY_OK;
	case TAG_TAB:
		/* In a list of tab stops it is a place, not a character. */
		return t->attrs_len && xml_attr(t, "pos") ? ASSAY_OK : flow_text(f, "\t", 1, err);
	case TAG_TABLE:
		tablehead_begin(&f->tables);
		return ooxml_flush(f->o, err); /* whose field was a heading */
	case TAG_ROW:
		tablehead_row(&f->tables);
		break;
	case TAG_CELL:
		tablehead_cell(&f->tables, false);
		break;
	case TAG_SPAN:
		tablehead_span(&f->tables, markup_number(xml_attr(t, "val"), 1));
		return ASSAY_OK;
	case TAG_BREAK:
		return flow_text(f, "\n", 1, err);
	case TAG_HYPHEN:
		return flow_text(f, "-", 1, err);
	case TAG_DELETED:
		f->deleted++;
		break;
	case TAG_VANISH:
		f->vanish = attr_on(xml_attr(t, "val"));
		return ASSAY_OK;
	case TAG_COLOR:
		a = xml_attr(t, "val");
		f->white = f->word && (attr_is(a, "FFFFFF") || attr_is(a, "ffffff"));
		return ASSAY_OK;
	case TAG_SHADE:
		a = xml_attr(t, "fill");
		if (a ? !(attr_is(a, "auto") || attr_is(a, "FFFFFF")) : attr_on(xml_attr(t, "val")))
			*(f->paragraphs ? &f->shade_run : &f->shade_cell) = true;
		return ASSAY_OK;
	case TAG_CHOICE:
		if (!f->choice++)
			buf_clear(&f->chosen);
		return ASSAY_OK;
	case TAG_FALLBACK:
		f->fallback++;
		return ASSAY_OK;
	case TAG_BOX:
		if (!f->fallback)
			f->pending = '\n';
		return ASSAY_OK;
	case TAG_SHAPE:
		f->region = f->seg.region;
		return ASSAY_OK;
	case TAG_PLACEHOLDER:
		placeholder(f, t);
		return ASSAY_OK;
	case TAG_TEXTPATH:
		a = xml_attr(t, "string");
		return a ? flow_line(f, ASSAY_WATERMARK, NULL, a->value, a->value_len, err)
			 : ASSAY_OK;
	case TAG_SLIDE:
		a = xml_attr(t, "show");
		f->slide_hidden = a && !attr_on(a);
		return ASSAY_OK;
	default:
		break;
	}
	return t->attrs_len ? flow_attrs(f, t, err) : ASSAY_OK;
}

static enum assay_status flow_end(struct flow *f, const struct markup_token *t,
				  struct assay_error *err)
{
	switch (tag_of(f->o, t->local, t->local_len)) {
	case TAG_P:
		f->paragraphs -= !!f->paragraphs;
		f->shade_run = false;
		tablehead_text(&f->tables, " ", 1);
		if (f->fallback)
			buf_add_byte(&f->fallen, '\n');
		else if (f->choice)
			buf_add_byte(&f->chosen, '\n');
		/* Nothing since the last one's end: what follows stands apart. */
		f->blank = f->pending == '\n' && !f->paragraphs && !f->tables.depth;
		f->pending = '\n';
		break;
	case TAG_R:
		f->vanish = f->white = f->shade_run = false;
		break;
	case TAG_TEXT:
	case TAG_DELTEXT:
	case TAG_NUMBERS:
		f->inside = TAG_OTHER;
		break;
	case TAG_TABLE:
		tablehead_end(&f->tables);
		break;
	case TAG_CELL:
		f->shade_cell = false;
		f->pending = '\0';
		f->tabs++;
		break;
	case TAG_ROW:
		f->tabs = 0;
		f->pending = '\n';
		break;
	case TAG_DELETED:
		f->deleted -= !!f->deleted;
		break;
	case TAG_CHOICE:
		f->choice -= !!f->choice;
		break;
	case TAG_FALLBACK:
		f->fallback -= !!f->fallback;
		return f->fallback ? ASSAY_OK : end_fallback(f, err);
	case TAG_BOX:
		if (!f->fallback)
			f->pending = '\n';
		break;
	case TAG_SHAPE:
		f->region = f->seg.region;
		break;
	default:
		break;
	}
	return ASSAY_OK;
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

static enum assay_status flow_token(struct flow *f, const struct markup_token *t, bool *between,
				    struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	switch (t->kind) {
	case MARKUP_START:
		*between = true;
		return flow_start(f, t, err);
	case MARKUP_END:
		*between = true;
		return flow_end(f, t, err);
	case MARKUP_TEXT:
		if (f->inside == TAG_TEXT || f->inside == TAG_DELTEXT)
			return flow_text(f, t->text, t->len, err);
		if (f->inside == TAG_NUMBERS)
			return ASSAY_OK;
		/* Of an element we do not know: on its own line, in one piece. */
		if (*between && is_all_space(t->text, t->len))
			return ASSAY_OK;
		if (*between && f->any && !f->pending)
			f->pending = '\n';
		*between = false;
		st = flow_text(f, t->text, t->len, err);
		return st;
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

	f.all_attrs =
	    !name_starts(seg.loc.part, "word/") && !name_starts(seg.loc.part, "ppt/slide") &&
	    !name_starts(seg.loc.part, "ppt/notes") && !strstr(seg.loc.part, "theme/") &&
	    !strstr(seg.loc.part, "drawings/") && !strstr(seg.loc.part, "charts/") &&
	    !strstr(seg.loc.part, "diagrams/") && !strstr(seg.loc.part, "tableStyles") &&
	    !name_starts(seg.loc.part, "ppt/handoutMasters") &&
	    !strstr(seg.loc.part, "ppt/presentation") && !strstr(seg.loc.part, "ppt/viewProps") &&
	    !name_starts(seg.loc.part, "ppt/presProps");
	if (st == ASSAY_OK && p.data && is_style_part(seg.loc.part) && is_quiet(p.data, p.len))
		return ASSAY_OK;
	while (st == ASSAY_OK && p.open) {
		st = part_next(o, &p, &t, err);
		if (st != ASSAY_OK || t.kind == MARKUP_EOF)
			break;
		st = flow_token(&f, &t, &between, err);
	}
	if (st == ASSAY_OK && p.open && f.fallback)
		st = end_fallback(&f, err);
	buf_done(&f.chosen);
	buf_done(&f.fallen);
	if (st == ASSAY_OK && f.any)
		st = ooxml_text(o, &seg, "\n", 1, err);
	if (st == ASSAY_OK && p.open)
		st = part_close(o, &p, err);
	/* What came is sent however it ended: its field may be a heading. */
	sent = ooxml_flush(o, st == ASSAY_OK ? err : NULL);
	tablehead_done(&f.tables);
	return st == ASSAY_OK ? sent : st;
}
