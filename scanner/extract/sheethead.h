/**
 * sheethead.h - the headings of a sheet
 *
 * Private to the readers of sheets.  The first row of words is the heading: its cells are
 * the field of what stands below them.  A row of one cell may be the title instead.
 */
#ifndef SHEETHEAD_H
#define SHEETHEAD_H

#include "buf.h"

#define SHEET_COLUMNS_MAX 16384

struct sheethead {
	struct buf names;
	uint32_t *at; /**< by column: 1 + offset in `names`, 0: none; owned */
	unsigned heading_cells, rows;
	/* The row at hand. */
	unsigned cells, texts;
	struct buf candidates; /**< "column\0text\0": what may become headings */
};

/** @return  false without memory */
MUST_USE bool sheethead_init(struct sheethead *ret_h);
void sheethead_done(struct sheethead *h);
/** A sheet begins. */
void sheethead_clear(struct sheethead *h);

/** A row begins, whether or not the one before was ended. */
void sheethead_row(struct sheethead *h);
/** A cell that says something.  @param column  from 1  @param is_text  no number or date */
void sheethead_cell(struct sheethead *h, uint32_t column, const char *text, size_t len,
		    bool is_text);
void sheethead_end_row(struct sheethead *h);

/** What stands above the cells of a column; valid until the row ends.  NULL: nothing */
const char *sheethead_of(const struct sheethead *h, uint32_t column);

#endif
