/**
 * records.h - evidence that stands together: a row, an element, a paragraph
 *
 * A record is a row of a table, an object in a JSON array, a line of code or of a
 * log, else a paragraph: then it begins with its first candidate, and a blank line
 * or 1 KiB ends it.  A proved identity raises what is low beside it, and a record
 * with two kinds of personal data is one that the object counts.  Of a split file,
 * the range that owns its first candidate counts it.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "ruleset.h"
#include "settle.h"

/** Longest record of running text, from the begin of its first candidate. */
#define RECORD_BYTES 1024

/** What a rule's candidates do for each other. */
enum role {
	ROLE_RAISED = 1, /**< a neighbour raises it */
	ROLE_RAISES = 2, /**< it raises its neighbours */
	ROLE_KIND = 4,   /**< it is personal data of some kind */
	ROLE_COLUMN = 8, /**< a column of its kind raises it */
};

/** Roles and kinds, by rule number. */
struct roles {
	uint8_t of[RULES_MAX];
	uint16_t kind[RULES_MAX]; /**< a rule; all of `net.` are one: a log line is no person */
};

void roles_fill(struct roles *r, const assay_ruleset *set);

/** The text that candidates stand in, as far as it is there. */
struct text_at {
	const char *data;
	size_t len;
	uint64_t base; /**< position of data[0] */
};

/** A record in the making. */
struct record {
	uint64_t key;         /**< 0: text alone tells where it ends */
	uint64_t first, last; /**< where its first candidate begins, its last one ends */
	uint16_t strong;      /**< rule of a proved identity... */
	uint16_t kind;        /**< kind of one reported... */
	bool has_strong, more_strong;
	bool has_kind, more_kinds; /**< ...and whether there are others */
	bool open;                 /**< there is one */
	bool owned;                /**< it is the object's to count */
};

void record_start(struct record *r, const struct candidate *c, bool owned);

/** Does a candidate, the next in order, stand in the record?  @param lines  a line is one */
bool record_takes(const struct record *r, const struct candidate *c, const struct text_at *text,
		  bool lines);

/** May text from `position` on belong to it?  For records that only text tells. */
bool record_goes_on(const struct record *r, uint64_t position, const struct text_at *text,
		    bool lines);

/** The record reaches to the end of this candidate of it. */
void record_add(struct record *r, const struct candidate *c, bool strong);

/** Is there a proved identity by another rule? */
bool record_has_other(const struct record *r, unsigned rule);

/** A candidate of it is reported.  @return  its second kind has just come */
bool record_kind(struct record *r, unsigned kind);

#endif
