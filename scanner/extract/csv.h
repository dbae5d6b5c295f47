/**
 * csv.h - what the first record of delimited text says, or the first below its titles
 *
 * Pure, so that the engine can ask once and hand the headings to every range of a
 * large file.
 */
#ifndef CSV_H
#define CSV_H

#include "base.h"
#include "buf.h"

#define CSV_MAX_FIELDS 1024

struct csv_head {
	char delimiter;
	size_t columns;                     /**< of the first record */
	size_t fields_len;                  /**< 0: the first record is no heading */
	const char *fields[CSV_MAX_FIELDS]; /**< unescaped; into `text` */
	struct buf text;                    /**< owned */
};

/**
 * @param head   the first bytes: UTF-8 or of an ASCII kin, BOM skipped
 * @param whole  nothing follows them
 * @param ret    set only on success; csv_head_done() releases it
 * @return       false: no delimiter fits, or no memory
 */
MUST_USE bool csv_sniff(const char *head, size_t len, bool whole, struct csv_head *ret);
void csv_head_done(struct csv_head *h);

#endif
