/**
 * records.h - evidence that stands together: a row, an element, a paragraph
 *
 * A record is a row of a table, an object in a JSON array, a line of code or of a
 * log, else a paragraph: then it begins with its first candidate, and a blank line
 * or 1 KiB ends it.  A filled form - lines of a label and a value - goes on over blank
 * lines, up to 3 KiB, until a label comes again: there the next one begins.  A proved identity
 * raises what is low beside it; a person raises the words of the special categories, which are
 * nothing without one.  A name alone is no person, nor is an address: the two together are, and
 * raise each other.  A record with two kinds of personal data is one that the object counts.  Of a
 * split file, the range that owns its first candidate counts it.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "match.h"
#include "settle.h"

/** Longest record of running text, from the begin of its first candidate. */
#define RECORD_BYTES BESIDE_BYTES

/** Longest filled form. */
#define FORM_BYTES ((size_t)3 * KiB)

/** What a rule's candidates do for each other. */
enum role {
	ROLE_RAISED = 1,        /**< a neighbour raises it */
	ROLE_RAISES = 2,        /**< it raises its neighbours */
	ROLE_KIND = 4,          /**< it is personal data of some kind */
	ROLE_COLUMN = 8,        /**< a column of its kind raises it */
	ROLE_PERSON = 16,       /**< where it is proved, there is a person */
	ROLE_BESIDE = 32,       /**< a person raises it, and nothing else does */
	ROLE_HALF = 64,         /**< with another half it is a person */
	ROLE_LEADS = 128,       /**< what stands beside a person is sought near it */
	ROLE_SOUGHT = 256,      /**< it is sought so */
	ROLE_SUBJECT = 512,     /**< it tells one person from all others... */
	ROLE_OF_SUBJECT = 1024, /**< ...whom this is about that follows */
	ROLE_NUMBER = 2048,     /**< bare digits are enough, without any label */
};

/** Roles whose candidates take part in records. */
#define ROLES_IN_RECORD (ROLE_RAISED | ROLE_RAISES | ROLE_BESIDE | ROLE_HALF)

/** Roles and kinds, by rule number. */
struct roles {
	uint16_t of[RULES_MAX];
	struct rule_bits leads;   /**< those with ROLE_LEADS */
	uint16_t kind[RULES_MAX]; /**< a rule; some are one, see records.c */
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
	uint64_t key;             /**< 0: text alone tells where it ends */
	uint64_t first, last;     /**< where its first candidate begins, its last one ends */
	uint64_t led, led_before; /**< where its last one that leads to others ends, and did
				   * before it was left */
	uint16_t strong;          /**< rule of a proved identity... */
	uint16_t half;            /**< rule of half a person... */
	uint16_t kind;            /**< kind of one reported... */
	bool has_strong, more_strong;
	bool has_half, has_person;
	bool has_kind, more_kinds; /**< ...and whether there are others */
	bool open;                 /**< there is one */
	bool anchored;             /**< something was found that was not sought beside others */
	bool owned;                /**< it is the object's to count */
};

/** Elements that others stand in: what comes after those is theirs again. */
struct records_around {
	struct record list[4];
	size_t next;
};

/** The record at hand is left, perhaps for one within it. */
void record_leave(struct records_around *around, const struct record *r);
/** Go on with the record of this key.  @return  false: it is new */
bool record_resume(struct records_around *around, uint64_t key, struct record *ret);

void record_start(struct record *r, const struct candidate *c, bool owned);

/** Does a candidate, the next in order, stand in the record?  @param lines  a line is one */
bool record_takes(const struct record *r, const struct candidate *c, const struct text_at *text,
		  bool lines);

/** May text from `position` on belong to it?  For records that only text tells. */
bool record_goes_on(const struct record *r, uint64_t position, const struct text_at *text,
		    bool lines);

/**
 * Does the record begin in earnest with this candidate of it?  From there it reaches
 * RECORD_BYTES on, and as far back to what was sought beside it.
 */
bool record_anchors(struct record *r, const struct candidate *c, bool strong, unsigned roles);

/** The record reaches to the end of this candidate of it.  @param roles  its rule's */
void record_add(struct record *r, const struct candidate *c, bool strong, unsigned roles);

/** Does another candidate raise those of this rule? */
bool record_raises(const struct record *r, unsigned rule, unsigned roles);

/** A candidate of it is reported.  @return  its second kind has just come */
bool record_kind(struct record *r, unsigned kind);

#endif
