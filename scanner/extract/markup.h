/**
 * markup.h - the one tokenizer of XML, HTML and SVG
 *
 * A pull parser: no tree, no recursion, linear in its input, memory bounded by the
 * limit on one tag.  It never fails on what is written: broken markup comes out as
 * text, and every byte of content comes out once, whatever the nesting.
 *
 *   struct markup m;
 *   struct markup_token t;
 *
 *   markup_init_mem(&m, data, len, MARKUP_XML, sink->limits);
 *   do
 *           st = markup_next(&m, &t, err);
 *   while (st == ASSAY_OK && t.kind != MARKUP_EOF);
 *   markup_done(&m);
 */
#ifndef MARKUP_H
#define MARKUP_H

#include "extract.h"
#include "feed.h"
#include "vec.h"

enum markup_mode {
	MARKUP_XML,
	MARKUP_HTML, /**< names without case, script and style are raw, more entities */
};

enum markup_kind {
	MARKUP_EOF,
	MARKUP_START,   /**< <a x="1">; after <a/> an END follows all the same */
	MARKUP_END,     /**< </a> */
	MARKUP_TEXT,    /**< a piece of text, CDATA and the raw content of script too */
	MARKUP_COMMENT, /**< a piece of one */
	MARKUP_PI,      /**< <?name text?>: a piece */
	MARKUP_DOCTYPE, /**< a piece, internal subset included: never expanded */
};

struct markup_attr {
	const char *name; /**< as written, prefix included */
	size_t name_len;
	const char *local; /**< the name without its prefix */
	size_t local_len;
	const char *value; /**< entities decoded; NUL follows, but NULs may be inside */
	size_t value_len;
	bool bare;            /**< no value was written */
	struct source source; /**< of the value */
	uint64_t line;
};

/** Valid until the next call. */
struct markup_token {
	enum markup_kind kind;

	/* START, END, PI */
	const char *name;
	size_t name_len;
	const char *local;
	size_t local_len;

	/* START, and END as people write it */
	const struct markup_attr *attrs;
	size_t attrs_len;
	bool empty; /**< written <a/> */

	/* TEXT, COMMENT, PI, DOCTYPE: never empty (but for an empty PI).  Long ones come
	 * in pieces, and an entity is a piece of its own, so that `source` holds. */
	const char *text;
	size_t len;
	struct source source;
	bool first;  /**< of a COMMENT, PI or DOCTYPE: its first piece */
	bool in_tag; /**< TEXT: the rest of a tag over the limit, or never ended, as it stands */

	uint64_t line; /**< of the token's first byte; 0 unless lines are counted */
};

struct markup {
	/** Set any time: count lines (default: only for inputs). */
	bool count_lines;

	/* Results so far. */
	uint32_t depth;            /**< of open elements; HTML: meaningless */
	bool too_deep;             /**< depth went over limits->xml_depth: tokens go on */
	bool long_tag;             /**< a tag went over limits->xml_attr_bytes */
	bool has_subset;           /**< a DOCTYPE had an internal subset */
	uint64_t unknown_entities; /**< references left as text */

	/* The rest is the tokenizer's own. */
	enum markup_mode mode;
	struct feed feed;
	struct input mem; /* of markup_init_mem() */
	uint32_t max_depth;
	size_t max_tag;
	int state;         /* what the window begins in */
	char raw_name[16]; /* of the element whose content is raw */
	char quote;        /* open in the rest of a tag over the limit */
	bool in_subset;    /* of a DOCTYPE */
	bool first;        /* the next piece is */
	bool pending_end;  /* of <a/> */
	size_t consume;    /* of the window, by the token last returned */
	const char *name;  /* of the last START or PI, in the window or `pi_name` */
	size_t name_len;
	char pi_name[64];
	char entity[8]; /* the last one, decoded */
	struct vec(struct markup_attr) attrs;
	struct buf values; /* decoded attribute values */
};

/** Over an input from its start: charset found, UTF-16 converted. */
MUST_USE enum assay_status markup_init(struct markup *ret_m, struct input *in,
				       enum markup_mode mode, const struct assay_limits *limits,
				       struct assay_error *err);
/** Over bytes in memory, which must outlive it. */
MUST_USE enum assay_status markup_init_mem(struct markup *ret_m, const void *data, size_t len,
					   enum markup_mode mode, const struct assay_limits *limits,
					   struct assay_error *err);
void markup_done(struct markup *m);

/** ASSAY_OK, with MARKUP_EOF at the end; or what reading the input, or memory, gave. */
MUST_USE enum assay_status markup_next(struct markup *m, struct markup_token *ret_token,
				       struct assay_error *err);

/** Is the local name (START, END) this one?  HTML: without regard to case. */
bool markup_is(const struct markup *m, const struct markup_token *t, const char *local);

/** The attribute with this local name, or NULL. */
const struct markup_attr *markup_attr(const struct markup *m, const struct markup_token *t,
				      const char *local);

/** The number its value begins with, 0 for none; `otherwise` if there is no attribute or
 * nothing in it.  A very large one is cut short, and still very large. */
uint32_t markup_number(const struct markup_attr *a, uint32_t otherwise);

#endif
