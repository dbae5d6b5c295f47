/* web.c - from tokens of markup to segments */
#include "web.h"

#include "fail.h"

#define ASIDE_BYTES (256 * KiB) /* kept back; with more the line is broken */
#define ASIDES 2048
#define FIELD_MAX 256

static const struct source derived = { 0, SOURCE_DERIVED };

enum assay_status web_init(struct web *w, struct input *in, enum markup_mode mode,
			   const struct extract_sink *sink, struct assay_error *err)
{
	*w = (struct web){ .sink = sink,
			   .aside_text = BUF_INIT(sink->limits->xml_attr_bytes + 4 * ASIDE_BYTES),
			   .asides = VEC_INIT(ASIDES + 8) };
	return markup_init(&w->markup, in, mode, sink->limits, err);
}

void web_done(struct web *w)
{
	markup_done(&w->markup);
	buf_done(&w->aside_text);
	vec_done(&w->asides);
}

static bool has_print(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_space(text[i]))
			return true;
	return false;
}

static enum assay_status send_token(struct web *w, const struct segment *seg,
				    const struct markup_token *t, struct assay_error *err)
{
	struct segment s = *seg;

	s.loc.line = t->line;
	if (!w->has_text)
		w->has_text = has_print(t->text, t->len);
	return sink_text(w->sink, &s, t->text, t->len, t->source, err);
}

enum assay_status web_text(struct web *w, const struct segment *seg, const struct markup_token *t,
			   struct assay_error *err)
{
	enum assay_status st = w->in_aside ? web_break(w, err) : ASSAY_OK;

	return st == ASSAY_OK ? send_token(w, seg, t, err) : st;
}

static enum assay_status send_byte(struct web *w, const char *byte, struct assay_error *err)
{
	struct segment seg = { 0 };

	return sink_text(w->sink, &seg, byte, 1, derived, err);
}

static enum assay_status send_asides(struct web *w, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < w->asides.len && st == ASSAY_OK; i++) {
		const struct web_aside *a = &w->asides.items[i];
		const char *text = w->aside_text.data;
		struct segment seg = { .region = a->region,
				       .vis = a->vis,
				       .field = a->field_at == NO_ASIDE_FIELD ? NULL
									      : text + a->field_at,
				       .loc.line = a->line };

		st = sink_text(w->sink, &seg, text + a->at, a->len, a->source, err);
	}
	w->asides.len = 0;
	buf_clear(&w->aside_text);
	return st;
}

enum assay_status web_break(struct web *w, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	if (w->has_text)
		st = send_byte(w, "\n", err);
	w->has_text = w->in_aside = false;
	return st == ASSAY_OK && w->asides.len ? send_asides(w, err) : st;
}

enum assay_status web_tab(struct web *w, struct assay_error *err)
{
	return w->has_text ? send_byte(w, "\t", err) : ASSAY_OK;
}

/* What is kept back is bounded: then the line is broken after all. */
static enum assay_status make_room(struct web *w, struct assay_error *err)
{
	if (w->aside_text.len < ASIDE_BYTES && w->asides.len < ASIDES)
		return ASSAY_OK;
	return web_break(w, err);
}

static bool keep(struct web *w, const struct segment *seg, const char *text, size_t len,
		 size_t field_at, struct source source)
{
	struct web_aside *last = w->asides.len ? &w->asides.items[w->asides.len - 1] : NULL;
	size_t at = w->aside_text.len;
	struct web_aside *a;

	if (!len)
		return true;
	if (!buf_add(&w->aside_text, text, len))
		return false;
	/* Derived text of one kind is one run. */
	if (last && last->at + last->len == at && last->field_at == field_at &&
	    last->region == seg->region && last->vis == seg->vis &&
	    last->source.kind == SOURCE_DERIVED && source.kind == SOURCE_DERIVED) {
		last->len += len;
		return true;
	}
	a = vec_push(&w->asides);
	if (!a)
		return false;
	*a = (struct web_aside){ .at = at,
				 .len = len,
				 .field_at = field_at,
				 .source = source,
				 .line = seg->loc.line,
				 .region = seg->region,
				 .vis = seg->vis };
	return true;
}

/* A name that can be a field: NUL-terminated, NULs inside made spaces. */
static bool keep_field(struct web *w, const char *name, size_t len, size_t *ret_at)
{
	*ret_at = w->aside_text.len;
	len = MIN(len, FIELD_MAX);
	for (size_t i = 0; i < len; i++)
		if (!buf_add_byte(&w->aside_text, name[i] ? name[i] : ' '))
			return false;
	return buf_add(&w->aside_text, "", 1);
}

static enum assay_status keep_text(struct web *w, const struct segment *seg,
				   const struct markup_token *t, struct assay_error *err)
{
	struct segment s = *seg;
	size_t len = t->len;
	enum assay_status st = ASSAY_OK;

	/* A piece may be as long as the file: what is too long to keep is sent at once, and
	 * so is what follows it. */
	if (len > ASIDE_BYTES || (w->in_aside && !t->first)) {
		if (!w->in_aside || t->first)
			st = web_break(w, err);
		w->in_aside = true;
		return st == ASSAY_OK ? send_token(w, seg, t, err) : st;
	}
	st = make_room(w, err);
	if (st != ASSAY_OK)
		return st;
	s.loc.line = t->line;
	if (t->first && !keep(w, &s, "\n", 1, NO_ASIDE_FIELD, derived))
		return assay_fail_memory(err, "markup");
	if (!keep(w, &s, t->text, len, NO_ASIDE_FIELD, t->source))
		return assay_fail_memory(err, "markup");
	return ASSAY_OK;
}

static bool keep_attr(struct web *w, const struct segment *seg, const struct markup_attr *a,
		      const char *name, size_t name_len)
{
	struct segment s = *seg;
	size_t field;

	s.loc.line = a->line;
	if (a->bare)
		return keep(w, &s, a->name, a->name_len, NO_ASIDE_FIELD, derived) &&
		       keep(w, &s, " ", 1, NO_ASIDE_FIELD, derived);
	return keep_field(w, name, name_len, &field) &&
	       keep(w, &s, a->name, a->name_len, NO_ASIDE_FIELD, derived) &&
	       keep(w, &s, "=\"", 2, NO_ASIDE_FIELD, derived) &&
	       keep(w, &s, a->value, a->value_len, field, a->source) &&
	       keep(w, &s, "\" ", 2, NO_ASIDE_FIELD, derived);
}

enum assay_status web_attrs_named(struct web *w, const struct segment *seg,
				  const struct markup_token *t, const struct markup_attr *name,
				  const struct markup_attr *value, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < t->attrs_len; i++) {
		const struct markup_attr *a = &t->attrs[i];
		bool named = name && a == value;

		st = make_room(w, err);
		if (st != ASSAY_OK)
			return st;
		if (!keep_attr(w, seg, a, named ? name->value : a->local,
			       named ? name->value_len : a->local_len))
			return assay_fail_memory(err, "markup");
	}
	if (t->attrs_len && !keep(w, seg, "\n", 1, NO_ASIDE_FIELD, derived))
		return assay_fail_memory(err, "markup");
	return st;
}

enum assay_status web_attrs(struct web *w, const struct segment *seg, const struct markup_token *t,
			    struct assay_error *err)
{
	return web_attrs_named(w, seg, t, NULL, NULL, err);
}

enum assay_status web_attr(struct web *w, const struct segment *seg, const char *field,
			   size_t field_len, const struct markup_attr *a, struct assay_error *err)
{
	struct segment s = *seg;
	enum assay_status st = make_room(w, err);
	size_t at;

	s.loc.line = a->line;
	if (st != ASSAY_OK)
		return st;
	if (!keep_field(w, field, field_len, &at) ||
	    !keep(w, &s, a->value, a->value_len, at, a->source) ||
	    !keep(w, &s, "\n", 1, NO_ASIDE_FIELD, derived))
		return assay_fail_memory(err, "markup");
	return ASSAY_OK;
}

static enum assay_status token(struct web *w, const struct web_language *l, void *ctx,
			       const struct markup_token *t, struct assay_error *err)
{
	const struct segment body = { .region = ASSAY_BODY };
	const struct segment comment = { .region = ASSAY_COMMENT, .vis = l->comments };

	switch (t->kind) {
	case MARKUP_START:
		return l->start(ctx, t, err);
	case MARKUP_END:
		return l->end(ctx, t, err);
	case MARKUP_TEXT:
		return t->in_tag ? keep_text(w, &body, t, err) : l->text(ctx, t, err);
	case MARKUP_COMMENT:
		return keep_text(w, &comment, t, err);
	default:
		return keep_text(w, &body, t, err);
	}
}

enum assay_status web_read(struct web *w, const struct web_language *language, void *ctx,
			   struct assay_error *err)
{
	struct markup_token t;
	enum assay_status st, sent;

	while ((st = markup_next(&w->markup, &t, err)) == ASSAY_OK && t.kind != MARKUP_EOF) {
		st = token(w, language, ctx, &t, err);
		if (st != ASSAY_OK)
			return st;
	}
	/* What was kept back is sent even when the input broke; `err` is the input's. */
	sent = web_break(w, st == ASSAY_OK ? err : NULL);
	return st == ASSAY_OK ? sent : st;
}
