/**
 * pdf_syntax.h - tokens, values and strings of PDF, over bytes in memory
 *
 * Private to the PDF reader.  Nothing recurses: what is nested is skipped by counting.
 */
#ifndef PDF_SYNTAX_H
#define PDF_SYNTAX_H

#include "buf.h"

enum pdf_kind {
	PDF_END, /**< no more, or not whole */
	PDF_NAME,
	PDF_STRING, /**< (...) */
	PDF_HEX,    /**< <...> */
	PDF_NUMBER,
	PDF_WORD, /**< true, null, obj, R ... */
	PDF_DICT, /**< as a token, what opens it; as a value, all of it */
	PDF_DICT_END,
	PDF_ARRAY,
	PDF_ARRAY_END,
	PDF_REFERENCE, /**< 12 0 R: a value alone */
};

struct pdf_token {
	enum pdf_kind kind;
	const uint8_t *at; /**< brackets included */
	size_t len;
	uint64_t number; /**< of a NUMBER; of the object, of a REFERENCE */
};

struct pdf_cursor {
	const uint8_t *at, *end;
};

/** The next token; PDF_END at the end, and for a string that does not close. */
struct pdf_token pdf_next(struct pdf_cursor *c);

/** The next value whole, arrays and dictionaries included. */
struct pdf_token pdf_value(struct pdf_cursor *c);

/**
 * The next entry of a dictionary whose << was taken.
 *
 * @return  false when there is none: ret_value->kind is PDF_DICT_END if it closed well
 */
bool pdf_entry(struct pdf_cursor *c, struct pdf_token *ret_key, struct pdf_token *ret_value);

bool pdf_is(const struct pdf_token *t, const char *word);

/** A name without its slash, #20 and the like resolved.  @return  `room` */
const char *pdf_name(const struct pdf_token *t, char *room, size_t cap);
bool pdf_name_is(const struct pdf_token *t, const char *name);

/** What a string says, as UTF-8: from PDFDocEncoding, or UTF-16 or UTF-8 by its mark. */
void pdf_string(const struct pdf_token *t, struct buf *out);

#endif
