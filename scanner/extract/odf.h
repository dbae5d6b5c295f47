/**
 * odf.h - what the readers of OpenDocument parts share
 *
 * Private to odf.c, odf_flow.c and odf_style.c.
 */
#ifndef ODF_H
#define ODF_H

#include "ooxml.h"
#include "textout.h"

/** What a style says about who sees the text. */
enum odf_style_flag {
	ODF_HIDDEN = 1 << 0, /**< text, a sheet or a slide that is not shown */
	ODF_WHITE = 1 << 1,
	ODF_SHADE = 1 << 2, /**< a background that is not white */
};

struct odf_style {
	uint32_t name, parent; /* 1 + offset in `names`; 0: none */
	uint8_t flags;
	uint8_t says; /* flags that it sets or clears by itself */
};

/** Styles by family and name. */
struct odf_styles {
	struct buf names; /* "family/name\0" */
	struct vec(struct odf_style) list;
	bool sorted;
	size_t open; /* 1 + index of the style whose properties come; 0: none */
};

void odf_styles_init(struct odf_styles *ret_s);
void odf_styles_done(struct odf_styles *s);
/** Forget all. */
void odf_styles_clear(struct odf_styles *s);
/** A START within the styles: of one, or of its properties. */
void odf_styles_start(struct odf_styles *s, const struct markup_token *t);
/** The style's flags, those of its parents included. */
unsigned odf_styles_flags(struct odf_styles *s, const char *family, const struct markup_attr *name);

struct odf {
	struct ooxml package;
	struct textout out;
	struct odf_styles styles;
	struct buf encrypted; /* "name\0": parts */
};

/** Text of a part: content.xml, styles.xml, or any other. */
MUST_USE enum assay_status odf_flow(struct odf *o, size_t index, const struct segment *seg,
				    struct assay_error *err);

#endif
