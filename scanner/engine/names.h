/**
 * names.h - strings that many segments share: kept once, resolved once
 *
 * Headings, keys, sheet and part names of one object.  A name's rules are looked up
 * when it is first asked for as a field.
 */
#ifndef NAMES_H
#define NAMES_H

#include "ruleset.h"

#define FIELD_CELL_RULES 16

/** What a heading says of the rows below it. */
enum heading {
	HEADING_OTHER,
	HEADING_THING,   /**< they list things that are elsewhere */
	HEADING_CONTENT, /**< they hold what people wrote, or people's data */
};

/** A name, and as a field what it says. */
struct field {
	struct field *next; /**< same bucket */
	uint32_t hash;
	bool resolved;
	bool has_rules;
	enum heading heading;
	struct rule_bits rules;                /**< rules it speaks for */
	struct rule_bits against;              /**< and against */
	uint16_t cell_rules[FIELD_CELL_RULES]; /**< rules with a cell pattern among them */
	size_t cell_rules_len;
	uint64_t window; /**< of the stream, when it was last a value's key... */
	uint32_t cells;  /**< ...and how many values it had there */
	char name[];
};

struct names {
	const assay_ruleset *set; /**< borrowed */
	struct field **buckets;
	size_t buckets_len; /**< a power of two, or 0 */
	size_t len;
	size_t bytes;
};

/** Most memory the names of one object may take; further ones are not kept. */
#define NAMES_BYTES_MAX (8 * MiB)

/** What a heading or a key says by its words: Asset_Name, documentTitle, Message text. */
enum heading heading_of(const char *name);

/** Forget the names; pointers to them end here. */
void names_clear(struct names *n);
void names_done(struct names *n);

/** The kept copy of a string; NULL without room. */
struct field *names_keep(struct names *n, const char *name, size_t len);

/** The same, with its rules looked up. */
struct field *names_field(struct names *n, const char *name, size_t len);

#endif
