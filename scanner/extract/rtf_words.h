/**
 * rtf_words.h - the control words of Rich Text Format that matter here
 *
 * Private to rtf.c.
 */
#ifndef RTF_WORDS_H
#define RTF_WORDS_H

#include <stdint.h>

/** Where text goes. */
enum rtf_dest {
	DEST_FLOW,  /**< the document's text, a header's, a box's */
	DEST_ASIDE, /**< belongs to the flow and is not of it */
	DEST_LINE,  /**< a line of its own: properties */
	DEST_NAME,  /**< of the property whose value follows */
	DEST_VALUE, /**< of a property that somebody named */
	DEST_SHAPE_NAME,
	DEST_SHAPE_VALUE,
	DEST_COLOURS,
	DEST_PICTURE, /**< hex */
	DEST_OBJECT,  /**< hex */
	DEST_NOTHING,
};

/** What a word does. */
enum rtf_action {
	ACT_DEST,  /**< `dest`, `region`, `vis` */
	ACT_CHAR,  /**< `value`, a character */
	ACT_BREAK, /**< the same, and the paragraph is over */
	ACT_UNICODE,
	ACT_FALLBACK, /**< \ucN */
	ACT_BINARY,
	ACT_HIDDEN,
	ACT_DELETED,
	ACT_PLAIN,
	ACT_COLOUR,
	ACT_SHADE,
	ACT_TABLE,
	ACT_PARAGRAPH,
	ACT_RED,
	ACT_GREEN,
	ACT_BLUE,
};

struct rtf_word {
	const char *name;
	uint8_t action; /**< enum rtf_action */
	uint8_t dest;   /**< enum rtf_dest */
	uint8_t region; /**< enum assay_region */
	uint8_t vis;    /**< enum assay_vis */
	uint16_t value;
};

/** @return  a row of the table, or NULL for a word that says nothing of text */
const struct rtf_word *rtf_word_find(const char *name);

#endif
