/**
 * delimited.h - is this a table of delimited text?
 *
 * Asked of every text file, so it gives up at the first record that speaks against it.
 */
#ifndef DELIMITED_H
#define DELIMITED_H

#include "base.h"

struct delimited {
	char delimiter;   /**< , ; | or tab */
	size_t columns;   /**< of the first record, at least 2 */
	size_t records;   /**< looked at */
	size_t ragged;    /**< of them, those with another number of columns */
	size_t first;     /**< where the first record begins (after Excel's `sep=;`) */
	size_t first_len; /**< its bytes, without its line end */
	bool last_empty;  /**< no record has anything in its last column */
};

/**
 * @param head   UTF-8 or of an ASCII kin, from the start, BOM skipped
 * @param whole  nothing follows
 * @param named  the name says that it is a table: then ragged records are let pass, and
 *               first records that look like prose, log or code
 * @return       false: no delimiter fits
 */
bool delimited_sniff(const char *head, size_t len, bool whole, bool named, struct delimited *ret);

/**
 * The cell that begins at `at`: RFC 4180.
 *
 * @param ret_end  index of the delimiter or line end behind it, or `len`
 * @return         false: a quote is not closed before `len`
 */
bool delimited_cell(const char *data, size_t len, size_t at, char delimiter, size_t *ret_end);

#endif
