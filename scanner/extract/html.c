/*
 * html.c - HTML: what a browser shows, what it hides, and what stands in the tags
 */
#include "fail.h"
#include "table.h"
#include "tablehead.h"
#include "web.h"

#define NAME_MAX_BYTES 32

/* What an element does to the line it stands in.  Unknown ones: nothing. */
static const char *const blocks[] = {
	"address",  "article",  "aside",    "blockquote", "body",    "br",     "button",
	"caption",  "center",   "dd",       "details",    "dialog",  "dir",    "div",
	"dl",       "dt",       "fieldset", "figcaption", "figure",  "footer", "form",
	"frame",    "h1",       "h2",       "h3",         "h4",      "h5",     "h6",
	"head",     "header",   "hr",       "html",       "iframe",  "input",  "legend",
	"li",       "link",     "main",     "menu",       "meta",    "nav",    "noscript",
	"object",   "ol",       "optgroup", "option",     "p",       "param",  "pre",
	"script",   "section",  "select",   "style",      "summary", "table",  "tbody",
	"template", "textarea", "tfoot",    "thead",      "title",   "tr",     "ul",
};

/* Elements without an end. */
static const char *const voids[] = { "area",  "base", "br",   "col",   "embed",  "hr",    "img",
				     "input", "link", "meta", "param", "source", "track", "wbr" };

struct reader {
	struct web web;
	struct segment seg;
	char hidden_name[NAME_MAX_BYTES]; /* of the element that hides; "": none */
	unsigned hidden_depth;            /* open elements of that name in it */
	struct tablehead tables;
};

static int by_name(const void *key, const void *item)
{
	return strcmp(key, *(const char *const *)item);
}

static bool is_one_of(const char *name, const char *const *list, size_t len)
{
	return bsearch(name, list, len, sizeof(*list), by_name);
}

/* In lower case; "" if it is longer than any that matters. */
static void lower_name(const struct markup_token *t, char ret[NAME_MAX_BYTES])
{
	size_t len = t->local_len < NAME_MAX_BYTES ? t->local_len : 0;

	for (size_t i = 0; i < len; i++)
		ret[i] = to_lower(t->local[i]);
	ret[len] = '\0';
}

/* Does the style say `property:value`, spaces aside? */
static bool style_says(const struct markup_attr *style, const char *what)
{
	size_t have = 0, len = strlen(what);

	for (size_t i = 0; i < style->value_len && have < len; i++) {
		char c = to_lower(style->value[i]);

		if (is_space(c))
			continue;
		have = c == what[have] ? have + 1 : c == what[0] ? 1 : 0;
	}
	return have == len;
}

static bool hides(const struct reader *r, const struct markup_token *t, const char *name)
{
	static const char *const styles[] = { "display:none", "visibility:hidden", "font-size:0;",
					      "mso-hide:all" };
	const struct markup_attr *a = markup_attr(&r->web.markup, t, "hidden");

	if (a || !strcmp(name, "template"))
		return true;
	a = markup_attr(&r->web.markup, t, "type");
	if (a && !strcmp(name, "input") && a->value_len == 6 && !memcmp(a->value, "hidden", 6))
		return true;
	a = markup_attr(&r->web.markup, t, "style");
	for (size_t i = 0; a && i < ARRAY_SIZE(styles); i++)
		if (style_says(a, styles[i]))
			return true;
	return false;
}

static void enter_hidden(struct reader *r, const struct markup_token *t, const char *name)
{
	if (!name[0] || t->empty || is_one_of(name, voids, ARRAY_SIZE(voids)))
		return;
	if (!r->hidden_name[0] && hides(r, t, name)) {
		strcpy(r->hidden_name, name);
		r->hidden_depth = 1;
		r->seg.vis = ASSAY_HIDDEN_TEXT;
	} else if (!strcmp(r->hidden_name, name)) {
		r->hidden_depth++;
	}
}

static void leave_hidden(struct reader *r, const char *name)
{
	if (!name[0] || strcmp(r->hidden_name, name) != 0 || --r->hidden_depth)
		return;
	r->hidden_name[0] = '\0';
	r->seg.vis = ASSAY_SHOWN;
}

/* <meta name="author" content="..."> */
static enum assay_status meta(struct reader *r, const struct markup_token *t,
			      struct assay_error *err)
{
	static const char *const names[] = { "name", "property", "http-equiv" };
	const struct markup_attr *content = markup_attr(&r->web.markup, t, "content"), *name = NULL;
	struct segment seg = { .region = ASSAY_METADATA };

	for (size_t i = 0; i < ARRAY_SIZE(names) && !name; i++)
		name = markup_attr(&r->web.markup, t, names[i]);
	if (!content || !name)
		return web_attrs(&r->web, &seg, t, err);
	return web_attr(&r->web, &seg, name->value, name->value_len, content, err);
}

static void follow_table(struct reader *r, const struct markup_token *t, const char *name)
{
	bool th = !strcmp(name, "th");

	if (!strcmp(name, "table")) {
		tablehead_begin(&r->tables);
	} else if (!strcmp(name, "tr")) {
		tablehead_row(&r->tables);
	} else if (th || !strcmp(name, "td")) {
		tablehead_cell(&r->tables, th);
		tablehead_span(&r->tables,
			       markup_number(markup_attr(&r->web.markup, t, "colspan"), 1));
		if (markup_number(markup_attr(&r->web.markup, t, "rowspan"), 1) > 1)
			tablehead_lose(&r->tables);
	}
}

static enum assay_status text(void *ctx, const struct markup_token *t, struct assay_error *err)
{
	struct reader *r = ctx;

	tablehead_text(&r->tables, t->text, t->len);
	r->seg.field = tablehead_field(&r->tables);
	r->seg.record = tablehead_record(&r->tables);
	return web_text(&r->web, &r->seg, t, err);
}

/* A form that was filled in: <input name="dob" value="..."> */
static enum assay_status input(struct reader *r, const struct segment *seg,
			       const struct markup_token *t, struct assay_error *err)
{
	static const char *const names[] = { "name", "aria-label", "id", "placeholder" };
	const struct markup_attr *name = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(names) && !name; i++)
		name = markup_attr(&r->web.markup, t, names[i]);
	return web_attrs_named(&r->web, seg, t, name, markup_attr(&r->web.markup, t, "value"), err);
}

static enum assay_status separate(struct reader *r, const char *name, struct assay_error *err)
{
	if (is_one_of(name, blocks, ARRAY_SIZE(blocks)))
		return web_break(&r->web, err);
	return ASSAY_OK;
}

static enum assay_status start(void *ctx, const struct markup_token *t, struct assay_error *err)
{
	struct reader *r = ctx;
	char name[NAME_MAX_BYTES];
	struct segment seg = { .vis = r->seg.vis, .loc.line = t->line };
	enum assay_status st;

	lower_name(t, name);
	follow_table(r, t, name);
	st = separate(r, name, err);
	if (st == ASSAY_OK && (!strcmp(name, "td") || !strcmp(name, "th")))
		st = web_tab(&r->web, err);
	if (st != ASSAY_OK)
		return st;
	if (!strcmp(name, "title"))
		r->seg.region = ASSAY_TITLE;
	enter_hidden(r, t, name);
	if (!strcmp(name, "meta"))
		return meta(r, t, err);
	if (hides(r, t, name))
		seg.vis = ASSAY_HIDDEN_TEXT;
	return !strcmp(name, "input") ? input(r, &seg, t, err) : web_attrs(&r->web, &seg, t, err);
}

static enum assay_status end(void *ctx, const struct markup_token *t, struct assay_error *err)
{
	struct reader *r = ctx;
	char name[NAME_MAX_BYTES];
	struct segment seg = { .vis = r->seg.vis, .loc.line = t->line };
	enum assay_status st = web_attrs(&r->web, &seg, t, err);

	lower_name(t, name);
	if (!strcmp(name, "title"))
		r->seg.region = ASSAY_BODY;
	if (!strcmp(name, "table"))
		tablehead_end(&r->tables);
	leave_hidden(r, name);
	return st == ASSAY_OK ? separate(r, name, err) : st;
}

static const struct web_language language = {
	.start = start, .end = end, .text = text, .comments = ASSAY_HIDDEN_TEXT
};

static enum assay_status html_run(struct input *in, const struct extract_sink *sink,
				  struct assay_error *err)
{
	struct reader r = { 0 };
	enum assay_status st = web_init(&r.web, in, MARKUP_HTML, sink, err);

	if (st == ASSAY_OK)
		st = web_read(&r.web, &language, &r, err);
	web_done(&r.web);
	tablehead_done(&r.tables);
	return st;
}

static const char *const types[] = { "text/html", "application/xhtml+xml", NULL };

const struct extractor html_extractor = {
	.name = "html",
	.types = types,
	.run = html_run,
};
