/**
 * text_parts.h - the parts of the text report among themselves
 *
 * text.c is the answer from its first line to its last; text_items.c the objects in it;
 * text_page.c the pieces that lines are made of.
 */
#ifndef TEXT_PARTS_H
#define TEXT_PARTS_H

#include "digest.h"
#include "report.h"

#define ELLIPSIS "\xE2\x80\xA6"

enum style { PLAIN, BOLD, DIM, ALARM, WARN, GOOD, STYLES };

struct page {
	struct buf out;
	const struct digest *d;
	const struct report_options *options;
	size_t width;
	/* Columns of the findings, as wide as what stands in them. */
	size_t rule_width, count_width, mask_width;
};

/* text_page.c */

/** A style from here on, where there are colours. */
void page_set(struct page *p, enum style style);

/** A text in a style. */
void page_say(struct page *p, enum style style, const char *text);

void page_spaces(struct page *p, size_t n);

/** Columns that a text takes. */
size_t page_columns(const char *text);

/** Text in `width` columns: padded, or cut at its end. */
void page_field(struct page *p, enum style style, const char *text, size_t width);

/**
 * A path keeps its end: the file's name says more than the share's.
 *
 * @return  the columns it took
 */
size_t page_path(struct page *p, enum style style, const char *name, size_t width);

/** "2,846,190"  @return  a place in `ret` */
const char *page_thousands(uint64_t n, char ret[32]);

/** Such a number, at the right of `width` columns. */
void page_number(struct page *p, uint64_t n, size_t width);

/** "1 file", "2 files" */
void page_count_of(struct page *p, uint64_t n, const char *one, const char *many);

enum style page_severity_style(enum assay_severity s);

/* text_items.c */

void page_items(struct page *p);

#endif
