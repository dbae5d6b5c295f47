/**
 * marking.h - protective markings: grammar and place, not words
 *
 * Rules with `detector: marking` find the words; a hit is judged here by the line
 * it stands on, the region, what precedes it and what surrounds it
 * (reference: GSCP of 5 August 2024, GPMS, TLP 2.0, NATO, EU, US, AU registers).
 * Some signals are known only at the end (repetition, the last lines), so
 * candidates are collected and concluded once per object.
 */
#ifndef MARKING_H
#define MARKING_H

#include <assay/types.h>

#include "base.h"

/** Candidates kept per object: the first and the best; more are counted. */
#define MARKINGS_MAX 256

/** The row of a table, or the element of data, that a hit stands in. */
enum marking_row {
	MARKING_ROW_NONE,    /**< in none, or nobody can tell what it is about */
	MARKING_ROW_THING,   /**< about something that is elsewhere: an asset, a document */
	MARKING_ROW_CONTENT, /**< it holds what is marked: a message, a person's data */
};

/** A hit of a marking rule, and where it stands. */
struct marking_hit {
	unsigned rule;
	const char *scheme; /**< what the rule is for: gscp gpms tlp nato eu us au police label */
	const char *text;   /**< text around, folded */
	size_t len;
	size_t begin, end; /**< of the evidence in `text` */
	enum assay_region region;
	const char *field; /**< heading, key or property name; or NULL */
	bool cell;         /**< it is all that stands in a cell of a table */
	bool near_start;   /**< among the first three lines of the document or page */
	bool table;        /**< a text table: its first row is a heading or a title */
	bool code;         /**< the object is source code, JSON, a log or the like */
	uint64_t line;     /**< running number of the line, to recognise the last lines */
	enum marking_row row;
	uint64_t row_key; /**< tells rows apart; 0: it stands in none */
	size_t row_text;  /**< bytes of the longest other cell in the row */
	/** What to report if it is accepted; strings are copied. */
	struct assay_occurrence occurrence;
};

/** Collected candidates of one object.  Opaque. */
struct markings;

struct label;
struct labels;

/** @param names  what the site calls labels; borrowed */
MUST_USE struct markings *markings_new(const struct assay_label_name *names, size_t names_len);
void markings_free(struct markings *m);
/** Forget all candidates: the next object. */
void markings_clear(struct markings *m);

/**
 * Is the hit plainly no marking: a word of prose or code?  Cheap, and needs neither
 * `occurrence` nor `line`.  markings_add() asks it again.
 */
bool marking_is_plain_word(const struct marking_hit *hit);

/** A hit of a marking rule, in the order of the text. */
void markings_add(struct markings *m, const struct marking_hit *hit);

/** Where the object's metadata go. */
struct labels *markings_labels(struct markings *m);

/**
 * A label of the object's metadata.
 *
 * @param hit  its rule and occurrence; the rest is not looked at
 */
void markings_add_label(struct markings *m, const struct marking_hit *hit,
			const struct label *label);

/** One accepted marking. */
struct marking_found {
	unsigned rule;
	/** With its confidence set; low: the object only mentions markings. */
	const struct assay_occurrence *occurrence;
};

/**
 * Decide, once the object's text is over.
 *
 * @param last_line    running number of the object's last line
 * @param ret_marking  the effective marking: highest tier among the best; label NULL
 *                     if the object bears none.  Strings are valid until markings_clear()
 * @param ret_found    accepted candidates in document order, valid until markings_clear()
 */
void markings_conclude(struct markings *m, uint64_t last_line, struct assay_marking *ret_marking,
		       const struct marking_found **ret_found, size_t *ret_found_len);

/** What a value says, by the grammar alone.  Strings but the lists are static. */
struct marking_value {
	const char *label; /**< canonical: OFFICIAL-SENSITIVE with a plain hyphen */
	const char *scheme;
	unsigned tier;
	bool is_small; /**< one common word in small letters */
	char handling[160];
	char descriptors[160];
};

/**
 * One marking as text (a metadata value, a header): its parts, if it is one.
 *
 * @param lenient  words that are no marking may stand around it, if it is in capitals
 */
bool marking_parse(const char *text, size_t len, bool lenient, struct marking_value *ret);

#endif
