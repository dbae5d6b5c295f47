/*
 * xml.c - XML of any vocabulary, and SVG
 *
 * An element's name is the field of the text in it.  Elements end lines, but for the few
 * that mark up words within a sentence, in SVG and what borrows from HTML.
 */
#include <strings.h>

#include "fail.h"
#include "table.h"
#include "web.h"

#define FIELD_MAX 256

/* Not b, i and a: in data those may be names of fields. */
static const char *const inline_elements[] = {
	"em", "strong", "span", "tspan", "sub", "sup", "font"
};

struct reader {
	struct web web;
	struct segment seg;
	char field[FIELD_MAX + 1];
};

static bool is_inline(const struct reader *r, const struct markup_token *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(inline_elements); i++)
		if (markup_is(&r->web.markup, t, inline_elements[i]))
			return true;
	return false;
}

/* <AdministratorPassword><Value>: what it is a value of is said by the element around. */
static bool is_value(const struct markup_token *t)
{
	static const char name[] = "value";

	return t->local_len == sizeof(name) - 1 && !strncasecmp(t->local, name, sizeof(name) - 1);
}

static void set_field(struct reader *r, const struct markup_token *t)
{
	size_t at = r->seg.field && is_value(t) ? strlen(r->field) : 0;
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

static enum assay_status start(void *ctx, const struct markup_token *t, struct assay_error *err)
{
	struct reader *r = ctx;
	struct segment plain = { .loc.line = t->line };
	enum assay_status st = ASSAY_OK;

	if (!is_inline(r, t)) {
		st = web_break(&r->web, err);
		set_field(r, t);
	}
	return st == ASSAY_OK ? web_attrs(&r->web, &plain, t, err) : st;
}

static enum assay_status end(void *ctx, const struct markup_token *t, struct assay_error *err)
{
	struct reader *r = ctx;
	struct segment plain = { .loc.line = t->line };
	enum assay_status st = web_attrs(&r->web, &plain, t, err);

	if (st != ASSAY_OK || is_inline(r, t))
		return st;
	r->seg = (struct segment){ 0 };
	return web_break(&r->web, err);
}

static enum assay_status text(void *ctx, const struct markup_token *t, struct assay_error *err)
{
	struct reader *r = ctx;

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
