/**
 * cells.h - the cells of a sheet, as rows of text under their headings
 *
 * Private to the readers of sheets.  Cells come in the order of rows; `\t` goes between
 * those that say something and `\n` after a row.  The first row of words is the heading:
 * its cells are the field of what stands below them.
 */
#ifndef CELLS_H
#define CELLS_H

#include "sheethead.h"
#include "textout.h"

struct cells {
	struct textout *out;

	/* The sheet at hand. */
	char *sheet; /* owned */
	enum assay_vis vis;
	const char *part; /* borrowed; NULL: none */
	struct sheethead head;

	/* The row at hand. */
	uint64_t row; /* 0: none */
	enum assay_vis row_vis;
	unsigned count;
};

struct cell {
	uint64_t row;    /**< from 1 */
	uint32_t column; /**< from 1 */
	enum assay_vis vis;
	bool is_text; /**< not a number, a date or a truth */
	const char *text;
	size_t len;
};

MUST_USE enum assay_status cells_init(struct cells *ret_c, struct textout *out,
				      struct assay_error *err);
void cells_done(struct cells *c);

/** Begin a sheet; its name goes out as well.  @param vis  of every cell in it */
MUST_USE enum assay_status cells_sheet(struct cells *c, const char *name, size_t len,
				       enum assay_vis vis, struct assay_error *err);
/** One that says nothing changes nothing; another row ends the one before. */
MUST_USE enum assay_status cells_put(struct cells *c, const struct cell *cell,
				     struct assay_error *err);
/** End the row at hand, if there is one. */
MUST_USE enum assay_status cells_end_row(struct cells *c, struct assay_error *err);

/** Text of a printed page's head or foot: left, centre and right become cells, codes go. */
void cells_strip_codes(struct buf *out, const char *text, size_t len);

#endif
