/*
 * marking_register.c - an asset register, an index of documents: markings of other things
 *
 * A column called Classification says how each row's thing is marked.  If the thing is the
 * row itself - a message, a log's entry - the object holds what is so marked; if it is an
 * asset or a document that the row names, the object only mentions its marking.  Nothing is
 * taken for a register unless its headings say so, and what has long text in its
 * cells is none: a real marking that is lost is worse than a register reported.
 */
#include "marking_judge.h"

/** Cells as long as this hold content, whatever their headings say... */
#define CONTENT_BYTES ((size_t)600)
/** ...and those that are so long on average. */
#define CONTENT_BYTES_MEAN 160u

/** A table of one row may be what somebody noted of the document at hand. */
#define REGISTER_ROWS_MIN 2u

bool note_row(struct register_look *rows, const struct marking_hit *h, uint32_t signals)
{
	if (!h->row_key || !(signals & bit(LABELLED)) || !field_is_label(h->field))
		return false;
	if (h->row_key == rows->last)
		return true;
	rows->last = h->row_key;
	rows->len++;
	rows->bytes += MIN(h->row_text, CONTENT_BYTES);
	rows->has_things |= h->row == MARKING_ROW_THING;
	rows->has_content |= h->row == MARKING_ROW_CONTENT || h->row_text >= CONTENT_BYTES;
	return true;
}

bool is_register(const struct register_look *rows)
{
	return rows->len >= REGISTER_ROWS_MIN && rows->has_things && !rows->has_content &&
	       rows->bytes < rows->len * CONTENT_BYTES_MEAN;
}
