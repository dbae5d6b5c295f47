/**
 * web.h - from tokens of markup to segments: what XML and HTML share
 *
 * Text that a reader sees together stays together: the values of attributes, comments and
 * the like, which stand inside it in the file, are kept back until the next break.
 */
#ifndef WEB_H
#define WEB_H

#include "markup.h"

/** A run of text kept back. */
struct web_aside {
	size_t at, len;  /* in aside_text */
	size_t field_at; /* in aside_text, NUL-terminated; NO_ASIDE_FIELD: none */
	struct source source;
	uint64_t line;
	enum assay_region region;
	enum assay_vis vis;
};
#define NO_ASIDE_FIELD SIZE_MAX

struct web {
	struct markup markup;
	const struct extract_sink *sink;
	bool has_text; /* since the last break */
	bool in_aside; /**< a piece too long to keep was sent: more of it may follow */
	struct buf aside_text;
	struct vec(struct web_aside) asides;
};

MUST_USE enum assay_status web_init(struct web *ret_w, struct input *in, enum markup_mode mode,
				    const struct extract_sink *sink, struct assay_error *err);
void web_done(struct web *w);

typedef enum assay_status web_token_fn(void *ctx, const struct markup_token *t,
				       struct assay_error *err);

/** What a language makes of its tokens; what is neither is kept back. */
struct web_language {
	web_token_fn *start, *end, *text; /**< text: what stands between tags */
	enum assay_vis comments;
};

/** Read all, then end the last line. */
MUST_USE enum assay_status web_read(struct web *w, const struct web_language *language, void *ctx,
				    struct assay_error *err);

/** Send a token's text. */
MUST_USE enum assay_status web_text(struct web *w, const struct segment *seg,
				    const struct markup_token *t, struct assay_error *err);
/** End a line, if there is anything on it, and send what was kept back. */
MUST_USE enum assay_status web_break(struct web *w, struct assay_error *err);
/** A tab, if there is anything on the line. */
MUST_USE enum assay_status web_tab(struct web *w, struct assay_error *err);

/** Keep a tag's attributes back: name="value" of each on one line, the name its field. */
MUST_USE enum assay_status web_attrs(struct web *w, const struct segment *seg,
				     const struct markup_token *t, struct assay_error *err);
/** The same, but the field of `value` is what `name` says; either may be NULL. */
MUST_USE enum assay_status web_attrs_named(struct web *w, const struct segment *seg,
					   const struct markup_token *t,
					   const struct markup_attr *name,
					   const struct markup_attr *value,
					   struct assay_error *err);
/** Keep one attribute's value back, as a line with the field given. */
MUST_USE enum assay_status web_attr(struct web *w, const struct segment *seg, const char *field,
				    size_t field_len, const struct markup_attr *a,
				    struct assay_error *err);

#endif
