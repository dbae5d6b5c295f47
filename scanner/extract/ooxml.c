/*
 * ooxml.c - docx, xlsx, pptx and their macro and template kin
 *
 * Every XML part is read, known or not; every other part is a member.
 */
#include "ooxml.h"

#include <stdio.h>
#include <strings.h>

#include "decode.h"
#include "fail.h"
#include "tablehead.h"

#define OUT_MAX (64 * KiB)
#define PART_MAX (32 * MiB)
#define NAME_MAX_BYTES 512
#define ALTERNATIVE_MAX (1 * MiB)

/* --- parts --------------------------------------------------------------------------- */

static int compare_names(const char *a, size_t a_len, const char *b, size_t b_len)
{
	if (a_len != b_len)
		return a_len < b_len ? -1 : 1;
	return memcmp(a, b, a_len);
}

static int by_name(const void *a, const void *b, void *members)
{
	const struct zip_member *m = members, *x = m + *(const uint32_t *)a,
				*y = m + *(const uint32_t *)b;
	int order = compare_names(x->name, x->name_len, y->name, y->name_len);

	return order ? order : (x > y) - (x < y);
}

/* The members of the start by name: documents of many parts look up as many. */
static enum assay_status make_index(struct ooxml *o, struct assay_error *err)
{
	size_t len = o->zip.members.len;

	o->index = malloc((len + 1) * sizeof(*o->index));
	if (!o->index)
		return assay_fail_memory(err, "document parts");
	for (size_t i = 0; i < len; i++)
		o->index[i] = (uint32_t)i;
	o->index_len = len;
	qsort_r(o->index, len, sizeof(*o->index), by_name, o->zip.members.items);
	return ASSAY_OK;
}

size_t ooxml_find(const struct ooxml *o, const char *name, size_t len)
{
	size_t from = 0, to = o->index_len;

	if (len && *name == '/') {
		name++;
		len--;
	}
	while (from < to) {
		size_t mid = (from + to) / 2;
		const struct zip_member *m = &o->zip.members.items[o->index[mid]];

		if (compare_names(m->name, m->name_len, name, len) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	if (from < o->index_len) {
		const struct zip_member *m = &o->zip.members.items[o->index[from]];

		if (!compare_names(m->name, m->name_len, name, len))
			return o->index[from];
	}
	return SIZE_MAX;
}

/* A part too large for the heap: what comes out is counted like any other member's. */
static enum assay_status read_counted(void *ctx, void *data, size_t cap, size_t *ret_got,
				      struct assay_error *err)
{
	struct part *p = ctx;
	enum assay_status st = zip_stream_read(p->stream, data, cap, ret_got, err), allowed;

	p->given += *ret_got;
	if (p->given > p->sink->limits->member_bytes)
		return assay_fail(err, ASSAY_PARTIAL, ASSAY_LIMIT_SIZE, "a part of the document");
	allowed = *ret_got ? sink_allow(p->sink, *ret_got, st < 0 ? NULL : err) : ASSAY_OK;
	return st < 0 ? st : allowed;
}

enum assay_status part_open(struct ooxml *o, size_t index, struct part *p, struct assay_error *err)
{
	const struct assay_limits *limits = o->sink->limits;
	enum zip_load load;
	const uint8_t *data = NULL;
	struct assay_error lost;
	size_t len = 0;
	enum assay_status st = zip_load(&o->zip, index, &o->scratch, &data, &len, &load, err);

	*p = (struct part){ 0 };
	if (st != ASSAY_OK)
		return st;
	if (load == ZIP_LOADED) {
		st = markup_init_mem(&p->m, data, len, MARKUP_XML, limits, err);
		p->open = st == ASSAY_OK;
		p->data = data;
		p->len = len;
		return st;
	}
	if (load == ZIP_LOST) {
		const struct zip_member *m = &o->zip.members.items[index];

		return sink_gap(o->sink, m->lost, "a part of the document", err);
	}
	if (zip_stream_open(&o->zip, index, &p->stream, &lost) != ASSAY_OK)
		return sink_gap(o->sink, lost.reason, "a part of the document", err);
	p->sink = o->sink;
	input_from_stream(&p->in, read_counted, p, INPUT_SIZE_UNKNOWN);
	st = markup_init(&p->m, &p->in, MARKUP_XML, limits, &lost);
	p->open = st == ASSAY_OK;
	if (p->open)
		return st;
	return sink_gap(o->sink, lost.reason, "a part of the document", err);
}

void part_done(struct part *p)
{
	if (p->open)
		markup_done(&p->m);
	if (p->stream)
		input_done(&p->in);
	zip_stream_freep(&p->stream);
	p->open = false;
}

/* The next token.  A part that breaks off is a gap, and its end. */
enum assay_status part_next(struct ooxml *o, struct part *p, struct markup_token *t,
			    struct assay_error *err)
{
	struct assay_error broken; /* filled in on failure alone: this is the inner loop */
	enum assay_status st = markup_next(&p->m, t, &broken);

	if (st == ASSAY_OK)
		return st;
	t->kind = MARKUP_EOF;
	p->broke = true;
	return sink_gap(o->sink, broken.reason, "a part of the document", err);
}

enum assay_status part_close(struct ooxml *o, struct part *p, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	if (p->m.depth && !p->broke)
		st = sink_gap(o->sink, ASSAY_MALFORMED, "a part ends within an element", err);
	if (st == ASSAY_OK && p->m.has_subset)
		st =
		    sink_gap(o->sink, ASSAY_MALFORMED, "a document type that is not expanded", err);
	return st;
}

/* --- what goes out -------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_segment(const struct segment *a, const struct segment *b)
{
	return a->region == b->region && a->vis == b->vis && a->loc.slide == b->loc.slide &&
	       a->record == b->record && a->loc.row == b->loc.row &&
	       same_text(a->field, b->field) && same_text(a->loc.part, b->loc.part) &&
	       same_text(a->loc.cell, b->loc.cell) && same_text(a->loc.sheet, b->loc.sheet);
}

enum assay_status ooxml_flush(struct ooxml *o, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	if (o->out.len)
		st =
		    sink_text(o->sink, &o->seg, o->out.data, o->out.len, (struct source){ 0 }, err);
	buf_clear(&o->out);
	return st;
}

enum assay_status ooxml_text(struct ooxml *o, const struct segment *seg, const char *text,
			     size_t len, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	if (!len)
		return ASSAY_OK;
	if (len > OUT_MAX - o->out.len || (o->out.len && !same_segment(&o->seg, seg)))
		st = ooxml_flush(o, err);
	if (st != ASSAY_OK)
		return st;
	o->seg = *seg;
	if (len > OUT_MAX)
		return sink_text(o->sink, seg, text, len, (struct source){ 0 }, err);
	return buf_add(&o->out, text, len) ? ASSAY_OK : assay_fail_memory(err, "document text");
}

/* --- relations ------------------------------------------------------------------------- */

/* "../media/x" seen from "xl/worksheets/" is "xl/media/x". */
static bool resolve(struct buf *out, const char *dir, size_t dir_len, const char *target,
		    size_t len)
{
	if (len && *target == '/')
		return buf_add(out, target + 1, len - 1);
	while (len >= 3 && !memcmp(target, "../", 3)) {
		const char *slash = dir_len > 1 ? memrchr(dir, '/', dir_len - 1) : NULL;

		dir_len = slash ? (size_t)(slash - dir) + 1 : 0;
		target += 3;
		len -= 3;
	}
	return buf_add(out, dir, dir_len) && buf_add(out, target, len);
}

enum assay_status ooxml_rels(struct ooxml *o, const char *part, struct assay_error *err)
{
	CLEANUP(part_done) struct part p = { 0 };
	CLEANUP(buf_done) struct buf name = BUF_INIT(NAME_MAX_BYTES);
	const char *slash = strrchr(part, '/');
	size_t dir = slash ? (size_t)(slash - part) + 1 : 0, index;
	struct markup_token t;
	enum assay_status st;

	buf_clear(&o->rels);
	if (!buf_add(&name, part, dir) || !buf_printf(&name, "_rels/%.300s.rels", part + dir))
		return ASSAY_OK;
	index = ooxml_find(o, name.data, name.len);
	if (index == SIZE_MAX)
		return ASSAY_OK;
	st = part_open(o, index, &p, err);
	while (st == ASSAY_OK && p.open) {
		st = part_next(o, &p, &t, err);
		if (st != ASSAY_OK || t.kind == MARKUP_EOF)
			break;
		if (t.kind == MARKUP_START && markup_is(&p.m, &t, "Relationship")) {
			const struct markup_attr *id = xml_attr(&t, "Id"),
						 *to = xml_attr(&t, "Target");
			size_t before = o->rels.len;

			if (!id || !to || attr_is(xml_attr(&t, "TargetMode"), "External") ||
			    memchr(id->value, 0, id->value_len) ||
			    memchr(to->value, 0, to->value_len))
				continue;
			if (!buf_add(&o->rels, id->value, id->value_len + 1) ||
			    !resolve(&o->rels, part, dir, to->value, to->value_len) ||
			    !buf_add_byte(&o->rels, '\0'))
				o->rels.len = before;
		}
	}
	return st;
}

const char *ooxml_target(const struct ooxml *o, const char *id, size_t id_len)
{
	for (size_t at = 0; at < o->rels.len;) {
		const char *key = o->rels.data + at, *target = key + strlen(key) + 1;

		if (strlen(key) == id_len && !memcmp(key, id, id_len))
			return target;
		at += strlen(key) + strlen(target) + 2;
	}
	return NULL;
}

/* --- paragraphs and runs ------------------------------------------------------------- */

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

static unsigned span_of(const struct markup_attr *a)
{
	unsigned n = 0;

	for (size_t i = 0; a && i < a->value_len && is_digit(a->value[i]) && n < 1000; i++)
		n = n * 10 + (unsigned)(a->value[i] - '0');
	return n;
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
		tablehead_span(&f->tables, span_of(xml_attr(t, "val")));
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

static bool is_blank(const char *text, size_t len)
{
	while (len && is_space(*text)) {
		text++;
		len--;
	}
	return !len;
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
		if (*between && is_blank(t->text, t->len))
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

static bool starts(const char *name, const char *with)
{
	return name && !strncmp(name, with, strlen(with));
}

enum assay_status ooxml_flow(struct ooxml *o, size_t index, struct segment seg,
			     struct assay_error *err)
{
	CLEANUP(part_done) struct part p = { 0 };
	struct flow f = { .o = o,
			  .seg = seg,
			  .region = seg.region,
			  .word = starts(seg.loc.part, "word/"),
			  .chosen = BUF_INIT(ALTERNATIVE_MAX),
			  .fallen = BUF_INIT(ALTERNATIVE_MAX) };
	struct markup_token t;
	bool between = true;
	enum assay_status st = part_open(o, index, &p, err), sent;

	f.all_attrs = !starts(seg.loc.part, "word/") && !starts(seg.loc.part, "ppt/slide") &&
		      !starts(seg.loc.part, "ppt/notes") && !strstr(seg.loc.part, "theme/") &&
		      !strstr(seg.loc.part, "drawings/") && !strstr(seg.loc.part, "charts/") &&
		      !strstr(seg.loc.part, "diagrams/") && !strstr(seg.loc.part, "tableStyles") &&
		      !starts(seg.loc.part, "ppt/handoutMasters") &&
		      !strstr(seg.loc.part, "ppt/presentation") &&
		      !strstr(seg.loc.part, "ppt/viewProps") &&
		      !starts(seg.loc.part, "ppt/presProps");
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

/* --- properties -------------------------------------------------------------------------- */

/* docProps/: the field is the property's name, of its own or the application's. */
static enum assay_status read_properties(struct ooxml *o, size_t index, struct segment seg,
					 struct assay_error *err)
{
	CLEANUP(part_done) struct part p = { 0 };
	struct markup_token t;
	char field[128] = "";
	bool open = false;
	enum assay_status st = part_open(o, index, &p, err);

	seg.region = ASSAY_METADATA;
	seg.field = field;
	while (st == ASSAY_OK && p.open) {
		st = part_next(o, &p, &t, err);
		if (st != ASSAY_OK || t.kind == MARKUP_EOF)
			break;
		if (t.kind == MARKUP_START) {
			const struct markup_attr *name =
			    markup_is(&p.m, &t, "property") ? xml_attr(&t, "name") : NULL;

			/* vt: is the type of a value, not its name. */
			if (!name && t.name_len >= 3 && !memcmp(t.name, "vt:", 3))
				continue;
			st = ooxml_flush(o, err);
			snprintf(field, sizeof(field), "%.*s",
				 (int)MIN(name ? name->value_len : t.local_len, sizeof(field) - 1),
				 name ? name->value : t.local);
			/* A label's attributes are its content. */
			for (size_t i = 0; i < t.attrs_len && !name && st == ASSAY_OK; i++) {
				const struct markup_attr *a = &t.attrs[i];

				if (!a->value_len || a->name_len != a->local_len ||
				    name_is(a->name, a->name_len, "xmlns"))
					continue;
				snprintf(field, sizeof(field), "%.*s",
					 (int)MIN(a->local_len, sizeof(field) - 1), a->local);
				st = ooxml_text(o, &seg, a->value, a->value_len, err);
				if (st == ASSAY_OK)
					st = ooxml_text(o, &seg, "\n", 1, err);
				if (st == ASSAY_OK)
					st = ooxml_flush(o, err);
			}
			snprintf(field, sizeof(field), "%.*s",
				 (int)MIN(name ? name->value_len : t.local_len, sizeof(field) - 1),
				 name ? name->value : t.local);
		} else if (t.kind == MARKUP_TEXT && (open || !is_blank(t.text, t.len))) {
			open = true;
			st = ooxml_text(o, &seg, t.text, t.len, err);
		} else if (t.kind == MARKUP_END && open) {
			open = false;
			st = ooxml_text(o, &seg, "\n", 1, err);
		}
	}
	if (st == ASSAY_OK && p.open)
		st = part_close(o, &p, err);
	return st == ASSAY_OK ? ooxml_flush(o, err) : st;
}

/* Relations: where they lead outside of the document. */
static enum assay_status read_links(struct ooxml *o, size_t index, struct segment seg,
				    struct assay_error *err)
{
	CLEANUP(part_done) struct part p = { 0 };
	struct markup_token t;
	enum assay_status st = part_open(o, index, &p, err);

	while (st == ASSAY_OK && p.open) {
		const struct markup_attr *to;

		st = part_next(o, &p, &t, err);
		if (st != ASSAY_OK || t.kind == MARKUP_EOF)
			break;
		if (t.kind == MARKUP_TEXT && !is_blank(t.text, t.len))
			st = ooxml_text(o, &seg, t.text, t.len, err);
		if (t.kind != MARKUP_START || !attr_is(xml_attr(&t, "TargetMode"), "External"))
			continue;
		to = xml_attr(&t, "Target");
		if (!to)
			continue;
		st = ooxml_text(o, &seg, to->value, to->value_len, err);
		if (st == ASSAY_OK)
			st = ooxml_text(o, &seg, "\n", 1, err);
	}
	if (st == ASSAY_OK && p.open)
		st = part_close(o, &p, err);
	return st == ASSAY_OK ? ooxml_flush(o, err) : st;
}

/* The settings of a printer: a name and numbers, in Windows' own form. */
static enum assay_status read_printer(struct ooxml *o, size_t index, struct segment seg,
				      struct assay_error *err)
{
	const uint8_t *data = NULL;
	size_t len = 0, run = 0, took;
	enum zip_load load;
	char text[512];
	bool ascii;
	enum assay_status st = zip_load(&o->zip, index, &o->scratch, &data, &len, &load, err);

	seg.region = ASSAY_METADATA;
	seg.field = "printer";
	if (st != ASSAY_OK || load != ZIP_LOADED)
		return st == ASSAY_OK ? zip_give(&o->zip, index, &o->scratch, ASSAY_SHOWN, err)
				      : st;
	for (size_t at = 0; at + 2 <= len + 1 && st == ASSAY_OK; at += 2) {
		bool letter = at + 2 <= len && !data[at + 1] && data[at] >= ' ' && data[at] < 127;

		run += letter ? 2 : 0;
		if (letter && run < 512)
			continue;
		if (run >= 8) {
			size_t n = utf16_to_utf8(data + at + (letter ? 2 : 0) - run, run, false,
						 text, sizeof(text), &took, &ascii);

			st = ooxml_text(o, &seg, text, n, err);
			if (st == ASSAY_OK)
				st = ooxml_text(o, &seg, "\n", 1, err);
		}
		run = 0;
	}
	return st == ASSAY_OK ? ooxml_flush(o, err) : st;
}

/* --- slides ------------------------------------------------------------------------------- */

/* What hangs on a slide: o->rels are its own. */
static enum assay_status read_hanging(struct ooxml *o, uint32_t slide, struct assay_error *err)
{
	static const struct {
		const char *prefix;
		enum assay_region region;
		enum assay_vis vis;
	} hanging[] = {
		{ "ppt/notesSlides/", ASSAY_NOTE, ASSAY_NOTES },
		{ "ppt/comments/", ASSAY_COMMENT, ASSAY_SHOWN },
	};
	enum assay_status st = ASSAY_OK;

	for (size_t at = 0; at < o->rels.len && st == ASSAY_OK;) {
		const char *key = o->rels.data + at, *target = key + strlen(key) + 1;
		size_t index = ooxml_find(o, target, strlen(target));

		at += strlen(key) + strlen(target) + 2;
		for (size_t k = 0; k < ARRAY_SIZE(hanging) && st == ASSAY_OK; k++) {
			struct segment seg = { .region = hanging[k].region,
					       .vis = hanging[k].vis,
					       .loc = { .part = target, .slide = slide } };

			if (index >= o->done.len || o->done.items[index] ||
			    !starts(target, hanging[k].prefix))
				continue;
			o->done.items[index] = true;
			st = ooxml_flow(o, index, seg, err);
		}
	}
	return st;
}

/* Slides in the order of the show. */
static enum assay_status read_slides(struct ooxml *o, const char *const *slides, size_t len,
				     struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < len && st == ASSAY_OK; i++) {
		size_t index = ooxml_find(o, slides[i], strlen(slides[i]));
		struct segment seg = { .loc = { .part = slides[i], .slide = (uint32_t)i + 1 } };

		if (index >= o->done.len || o->done.items[index])
			continue;
		o->done.items[index] = true;
		st = ooxml_flow(o, index, seg, err);
		if (st == ASSAY_OK)
			st = ooxml_rels(o, slides[i], err);
		if (st == ASSAY_OK)
			st = read_hanging(o, (uint32_t)i + 1, err);
	}
	return st;
}

static enum assay_status read_presentation(struct ooxml *o, struct assay_error *err)
{
	static const char name[] = "ppt/presentation.xml";
	CLEANUP(part_done) struct part p = { 0 };
	struct vec(const char *) slides = VEC_INIT(10000);
	size_t index = ooxml_find(o, name, strlen(name));
	struct markup_token t;
	enum assay_status st;

	if (index == SIZE_MAX)
		return ASSAY_OK;
	st = ooxml_rels(o, name, err);
	if (st == ASSAY_OK)
		st = part_open(o, index, &p, err);
	while (st == ASSAY_OK && p.open) {
		st = part_next(o, &p, &t, err);
		if (st != ASSAY_OK || t.kind == MARKUP_EOF)
			break;
		if (t.kind != MARKUP_START || !markup_is(&p.m, &t, "sldId"))
			continue;
		for (size_t i = 0; i < t.attrs_len; i++) {
			const char *target =
			    t.attrs[i].name_len == t.attrs[i].local_len
				? NULL
				: ooxml_target(o, t.attrs[i].value, t.attrs[i].value_len);
			char *copy = target ? strdup(target) : NULL;
			const char **slot = copy ? vec_push(&slides) : NULL;

			if (slot)
				*slot = copy;
			else
				free(copy);
		}
	}
	part_done(&p);
	if (st == ASSAY_OK)
		st = read_slides(o, slides.items, slides.len, err);
	for (size_t i = 0; i < slides.len; i++)
		free((void *)(uintptr_t)slides.items[i]);
	vec_done(&slides);
	return st;
}

/* --- the whole ---------------------------------------------------------------------------- */

typedef enum assay_status part_fn(struct ooxml *o, size_t index, struct segment seg,
				  struct assay_error *err);

/* What a part is, by where it stands; the first row that fits. */
static const struct kind {
	const char *prefix;
	const char *infix;
	enum assay_region region;
	enum assay_vis vis;
	part_fn *read;
} kinds[] = {
	{ "[Content_Types].xml", "", ASSAY_BODY, ASSAY_SHOWN, read_links },
	{ "", "_rels/", ASSAY_BODY, ASSAY_SHOWN, read_links },
	{ "docProps/", ".xml", ASSAY_METADATA, ASSAY_SHOWN, read_properties },
	{ "docMetadata/", ".xml", ASSAY_METADATA, ASSAY_SHOWN, read_properties },
	{ "", "/printerSettings", ASSAY_METADATA, ASSAY_SHOWN, read_printer },
	{ "word/header", "", ASSAY_HEADER, ASSAY_SHOWN, ooxml_flow },
	{ "word/footer", "", ASSAY_FOOTER, ASSAY_SHOWN, ooxml_flow },
	{ "word/comments", "", ASSAY_COMMENT, ASSAY_SHOWN, ooxml_flow },
	{ "word/people", "", ASSAY_METADATA, ASSAY_SHOWN, ooxml_flow },
	{ "word/footnotes", "", ASSAY_NOTE, ASSAY_SHOWN, ooxml_flow },
	{ "word/endnotes", "", ASSAY_NOTE, ASSAY_SHOWN, ooxml_flow },
	{ "ppt/notesSlides/", "", ASSAY_NOTE, ASSAY_NOTES, ooxml_flow },
	{ "ppt/comment", "", ASSAY_COMMENT, ASSAY_SHOWN, ooxml_flow },
	{ "xl/comments", "", ASSAY_COMMENT, ASSAY_SHOWN, ooxml_flow },
	{ "xl/threadedComments/", "", ASSAY_COMMENT, ASSAY_SHOWN, ooxml_flow },
	{ "xl/persons/", "", ASSAY_METADATA, ASSAY_SHOWN, ooxml_flow },
	{ "xl/pivot", "", ASSAY_BODY, ASSAY_PIVOT_CACHE, ooxml_flow },
	{ "xl/externalLinks/", "", ASSAY_BODY, ASSAY_EXTERNAL_CACHE, ooxml_flow },
	{ "customXml/", "", ASSAY_METADATA, ASSAY_SHOWN, read_properties },
	{ "", "", ASSAY_BODY, ASSAY_SHOWN, ooxml_flow },
};

static bool ends(const char *name, const char *with)
{
	size_t n = strlen(name), w = strlen(with);

	return n >= w && !strcasecmp(name + n - w, with);
}

static enum assay_status read_part(struct ooxml *o, size_t index, struct assay_error *err)
{
	const struct zip_member *m = &o->zip.members.items[index];
	char part[NAME_MAX_BYTES];
	struct segment seg = { .loc = { .part = part } };
	const struct kind *k = kinds;
	bool xml;

	snprintf(part, sizeof(part), "%.*s", (int)MIN(m->name_len, sizeof(part) - 1), m->name);
	xml = m->name_len < sizeof(part) &&
	      (ends(part, ".xml") || ends(part, ".rels") || ends(part, ".vml"));
	while (!starts(part, k->prefix) || !strstr(part, k->infix))
		k++;
	seg.region = k->region;
	seg.vis = k->vis;
	if (m->hidden && seg.vis == ASSAY_SHOWN)
		seg.vis = ASSAY_HIDDEN_TEXT;
	if (zip_is_folder(m) || (!xml && k->read != read_printer))
		return zip_give(&o->zip, index, &o->scratch, ASSAY_SHOWN, err);
	return k->read(o, index, seg, err);
}

static enum assay_status read_all(struct ooxml *o, struct assay_error *err)
{
	enum assay_status st = read_presentation(o, err);

	if (st == ASSAY_OK)
		st = ooxml_workbook(o, err);
	/* Members found while reading are at the end of the list. */
	for (size_t i = 0; i < o->zip.members.len && st == ASSAY_OK; i++)
		if (i >= o->done.len || !o->done.items[i])
			st = read_part(o, i, err);
	return st;
}

enum assay_status ooxml_open(struct ooxml *o, struct input *in, const struct extract_sink *sink,
			     struct assay_error *err)
{
	enum assay_status st;

	*o = (struct ooxml){ .sink = sink,
			     .scratch = BUF_INIT(PART_MAX + 1),
			     .done = VEC_INIT(sink->limits->members),
			     .rels = BUF_INIT(1 * MiB),
			     .out = BUF_INIT(OUT_MAX + 1) };
	st = zip_open(&o->zip, in, sink, err);
	if (st == ASSAY_OK)
		st = make_index(o, err);
	for (size_t i = 0; i < o->zip.members.len && st == ASSAY_OK; i++) {
		bool *done = vec_push(&o->done);

		if (!done)
			return assay_fail(err, ASSAY_PARTIAL, ASSAY_LIMIT_MEMORY, "document parts");
		*done = false;
	}
	return st;
}

void ooxml_done(struct ooxml *o)
{
	zip_done(&o->zip);
	free(o->index);
	buf_done(&o->scratch);
	vec_done(&o->done);
	buf_done(&o->rels);
	buf_done(&o->out);
}

static enum assay_status ooxml_run(struct input *in, const struct extract_sink *sink,
				   struct assay_error *err)
{
	struct ooxml o;
	enum assay_status st = ooxml_open(&o, in, sink, err);

	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		add_filter(o.tag_filter, tags[i].local);
	for (size_t i = 0; i < ARRAY_SIZE(told); i++)
		add_filter(o.told_filter, told[i].local);
	if (st == ASSAY_OK)
		st = read_all(&o, err);
	if (st == ASSAY_OK)
		st = zip_finish(&o.zip, err);
	ooxml_done(&o);
	return st;
}

#define OPENXML "application/vnd.openxmlformats-officedocument."

static const char *const types[] = {
	OPENXML "wordprocessingml.document",
	OPENXML "wordprocessingml.template",
	OPENXML "spreadsheetml.sheet",
	OPENXML "spreadsheetml.template",
	OPENXML "presentationml.presentation",
	OPENXML "presentationml.slideshow",
	OPENXML "presentationml.template",
	OPENXML "presentationml.slide",
	"application/vnd.ms-word.document.macroEnabled.12",
	"application/vnd.ms-word.template.macroEnabled.12",
	"application/vnd.ms-excel.sheet.macroEnabled.12",
	"application/vnd.ms-excel.template.macroEnabled.12",
	"application/vnd.ms-excel.addin.macroEnabled.12",
	"application/vnd.ms-excel.sheet.binary.macroEnabled.12",
	"application/vnd.ms-powerpoint.presentation.macroEnabled.12",
	"application/vnd.ms-powerpoint.slideshow.macroEnabled.12",
	"application/vnd.ms-powerpoint.template.macroEnabled.12",
	"application/vnd.ms-powerpoint.addin.macroEnabled.12",
	"application/vnd.ms-visio.drawing",
	"application/vnd.ms-visio.drawing.macroEnabled.12",
	"application/vnd.ms-xpsdocument",
	"application/oxps",
	NULL,
};

const struct extractor ooxml_extractor = {
	.name = "ooxml",
	.types = types,
	.wants_seek = true,
	.run = ooxml_run,
};
