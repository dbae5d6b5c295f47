/*
 * xml.c - XML of any vocabulary, and SVG
 *
 * An element's name is the field of the text in it.  Elements end lines, but for the few
 * that mark up words within a sentence, in SVG and what borrows from HTML.  A child of the
 * root is a record; so is, deeper, an element like the one before it if that had children.
 */
#include <strings.h>

#include "fail.h"
#include "table.h"
#include "valuename.h"
#include "web.h"

#define FIELD_MAX 256

/* Not b, i and a: in data those may be names of fields. */
static const char *const inline_elements[] = {
	"em", "strong", "span", "tspan", "sub", "sup", "font"
};

#define DEPTH_KEPT 64 /* deeper elements belong to the record around them */

struct element {
	uint64_t outer; /* record in force around it */
	uint32_t child; /* hash of the name of its last child; 0: it has none */
	bool child_has_children;
};

struct reader {
	struct web web;
	struct segment seg;
	char field[FIELD_MAX + 1];
	struct element open[DEPTH_KEPT];
	size_t depth;
	uint64_t record, records;
};

static bool is_inline(const struct reader *r, const struct markup_token *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(inline_elements); i++)
		if (markup_is(&r->web.markup, t, inline_elements[i]))
			return true;
	return false;
}

/* <birthDate value="1985-02-01"/> <add key="DbPassword" value="x"/>: what the value is of. */
static enum assay_status attrs(struct reader *r, const struct segment *seg,
			       const struct markup_token *t, struct assay_error *err)
{
	static const char *const names[] = { "key", "name" };
	const struct markup_attr element = { .value = t->local, .value_len = t->local_len };
	const struct markup_attr *name = NULL, *value = NULL;

	for (size_t i = 0; i < t->attrs_len && !value; i++)
		if (is_value_name(t->attrs[i].local, t->attrs[i].local_len))
			value = &t->attrs[i];
	for (size_t i = 0; i < ARRAY_SIZE(names) && !name; i++)
		name = markup_attr(&r->web.markup, t, names[i]);
	return web_attrs_named(&r->web, seg, t, name && name->value_len ? name : &element, value,
			       err);
}

static void set_field(struct reader *r, const struct markup_token *t)
{
	size_t at = r->seg.field && is_value_name(t->local, t->local_len) ? strlen(r->field) : 0;
	size_t len = MIN(t->local_len, FIELD_MAX - at);

	if (at && at < FIELD_MAX) {
		r->field[at++] = ' ';
		len = MIN(t->local_len, FIELD_MAX - at);
	}
	memcpy(r->field + at, t->local, len);
	r->field[at + len] = '\0';
	r->seg.field = r->field;
	r->seg.region = markup_is(&r->web.markup, t, "title") ? ASSAY_TITLE : ASSAY_BODY;
}

/* FNV-1a (Fowler, Noll, Vo), never 0 */
static uint32_t hash_of(const char *name, size_t len)
{
	uint32_t h = UINT32_C(2166136261);

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * UINT32_C(16777619);
	return h ? h : 1;
}

static void enter(struct reader *r, const struct markup_token *t)
{
	uint32_t name = hash_of(t->local, t->local_len);
	struct element *parent = r->depth && r->depth <= DEPTH_KEPT ? &r->open[r->depth - 1] : NULL;
	uint64_t outer = r->record;
	bool again = false;

	if (parent) {
		again = parent->child == name && parent->child_has_children;
		parent->child = name;
		parent->child_has_children = false;
	}
	if (r->depth == 1 || again)
		r->record = ++r->records;
	if (r->depth < DEPTH_KEPT)
		r->open[r->depth] = (struct element){ .outer = outer };
	r->depth++;
}

static void leave(struct reader *r)
{
	const struct element *left;

	if (!r->depth || --r->depth >= DEPTH_KEPT)
		return;
	left = &r->open[r->depth];
	r->record = left->outer;
	if (r->depth)
		r->open[r->depth - 1].child_has_children = left->child;
}

static enum assay_status start(void *ctx, const struct markup_token *t, struct assay_error *err)
{
	struct reader *r = ctx;
	struct segment plain = { .loc.line = t->line };
	enum assay_status st = ASSAY_OK;

	if (!is_inline(r, t)) {
		st = web_break(&r->web, err);
		enter(r, t);
		set_field(r, t);
	}
	plain.record = r->record;
	return st == ASSAY_OK ? attrs(r, &plain, t, err) : st;
}

static enum assay_status end(void *ctx, const struct markup_token *t, struct assay_error *err)
{
	struct reader *r = ctx;
	struct segment plain = { .loc.line = t->line };
	enum assay_status st = web_attrs(&r->web, &plain, t, err);

	if (st != ASSAY_OK || is_inline(r, t))
		return st;
	r->seg = (struct segment){ 0 };
	leave(r);
	return web_break(&r->web, err);
}

static enum assay_status text(void *ctx, const struct markup_token *t, struct assay_error *err)
{
	struct reader *r = ctx;

	r->seg.record = r->record;
	return web_text(&r->web, &r->seg, t, err);
}

static const struct web_language language = { .start = start, .end = end, .text = text };

static enum assay_status xml_run(struct input *in, const struct extract_sink *sink,
				 struct assay_error *err)
{
	struct reader r = { 0 };
	enum assay_status st = web_init(&r.web, in, MARKUP_XML, sink, err);

	if (st == ASSAY_OK)
		st = web_read(&r.web, &language, &r, err);
	if (st == ASSAY_OK && r.web.markup.has_subset && r.web.markup.unknown_entities)
		st = sink_gap(sink, ASSAY_MALFORMED, "entities of its own are not expanded", err);
	web_done(&r.web);
	return st;
}

static const char *const types[] = { "application/xml", "image/svg+xml", NULL };

const struct extractor xml_extractor = {
	.name = "xml",
	.types = types,
	.run = xml_run,
};
