/**
 * tablehead.h - the headings of a table in a document
 *
 * Private to the readers of text with tables in it.  A first row of words is the heading:
 * its cells are the fields of what stands below them, and each row below is a record.
 * Forms, whose labels stand beside their values, are left alone: so are tables of less
 * than three columns, unless the source itself calls the first row a heading and it is not
 * `Field | Value` or `Name | Edith Marlow`.
 *
 *   tablehead_begin(t); tablehead_row(t); tablehead_cell(t, false);
 *   tablehead_text(t, text, len);
 *   seg.field = tablehead_field(t); seg.record = tablehead_record(t);
 *   tablehead_end(t);
 */
#ifndef TABLEHEAD_H
#define TABLEHEAD_H

#include "base.h"

#define TABLEHEAD_COLUMNS 64
#define TABLEHEAD_DEPTH 6
#define TABLEHEAD_BYTES 64 /* of a heading; longer ones are none */

/** A table that is open. */
struct tablehead_level {
	char names[TABLEHEAD_COLUMNS][TABLEHEAD_BYTES + 1];
	uint16_t lens[TABLEHEAD_COLUMNS]; /**< beyond TABLEHEAD_BYTES: no heading */
	unsigned columns;                 /**< of the first row */
	unsigned cells;                   /**< of it: fewer, if one spans several columns */
	unsigned called;                  /**< cells of it that the source calls headings */
	unsigned column;                  /**< at hand, from 1; 0: between cells */
	unsigned next;                    /**< column after it, from 0 */
	uint64_t row;
	bool headed;
};

struct tablehead {
	struct tablehead_level *levels; /**< TABLEHEAD_DEPTH of them, made when needed; owned */
	unsigned depth;                 /**< open tables; deeper ones are not looked at */
	uint64_t records;
};

/** Can this be a heading: words rather than figures? */
bool tablehead_is_likely(const char *text, size_t len);

void tablehead_done(struct tablehead *t);
/** Without memory its headings are not known; nothing else is lost. */
void tablehead_begin(struct tablehead *t);
void tablehead_end(struct tablehead *t);
void tablehead_row(struct tablehead *t);
void tablehead_cell(struct tablehead *t, bool called_heading);
/** The cell at hand covers this many columns. */
void tablehead_span(struct tablehead *t, unsigned span);
/** A cell that goes on in later rows: what is below what is no longer known. */
void tablehead_lose(struct tablehead *t);
/** Text of the cell at hand. */
void tablehead_text(struct tablehead *t, const char *text, size_t len);

/** Of the cell at hand; valid until its table ends.  NULL: none. */
const char *tablehead_field(const struct tablehead *t);
/** Number of the row at hand; 0: it is not one of a table with headings. */
uint64_t tablehead_record(const struct tablehead *t);

#endif
