/**
 * rule.h - one rule as data, and the pack it came in
 *
 * The same struct holds a rule read from YAML (pointers into the pack's arena)
 * and a built-in one (static const, generated when assay is built).
 */
#ifndef RULE_H
#define RULE_H

#include <assay/types.h>

#include "validate.h"

/** Rules one set may hold: rule numbers fit bit sets and frames. */
#define RULES_MAX 512

/** Farthest a match and its look-ahead may reach from its start, bytes. */
#define RULE_REACH_MAX 3584

/** Farthest a context word may be from the evidence, bytes. */
#define RULE_WITHIN_MAX 300

/**
 * The anchor stage that finds a rule.  SHAPE_LITERAL rules are led by literals
 * of three bytes or more in every branch; SHAPE_OTHER is the slow second
 * database, and costs its author a warning.  SHAPE_BESIDE is for what says nothing
 * by itself and stands everywhere: names, illnesses.
 */
enum shape {
	SHAPE_LITERAL,
	SHAPE_OTHER,
	SHAPE_NINO,         /**< two letters, six digits, a letter */
	SHAPE_DIGITS_3_3_4, /**< ten digits: NHS, CHI */
	SHAPE_CARD,         /**< 13 to 19 digits in groups, Luhn */
	SHAPE_POSTCODE,
	SHAPE_PHONE, /**< 0 or +44 and nine or ten digits */
	SHAPE_EMAIL,
	SHAPE_IP,           /**< dotted quad, or groups of hex digits and colons */
	SHAPE_IBAN,         /**< two capitals, two digits, groups */
	SHAPE_DRIVER,       /**< five letters or 9s, six digits, ... */
	SHAPE_MRZ,          /**< machine readable zone: runs with `<` */
	SHAPE_VRM,          /**< AA99 AAA */
	SHAPE_YEAR_SLASH,   /**< PNC: year, slash, digits, letter */
	SHAPE_SLASH_YEAR,   /**< CRO: digits, slash, two digits, letter */
	SHAPE_PRISON,       /**< A9999AA */
	SHAPE_SORT_ACCOUNT, /**< 99-99-99 then eight digits */
	SHAPE_BESIDE,       /**< literal-led, and sought only near hits that tell of a person */
	SHAPE_TERMS,        /**< words of a dictionary; of rules with `terms` alone */
	SHAPES
};

/** Bit of `once per rule` data: what a value is before it is hashed. */
enum normalise { NORMALISE_NONE, NORMALISE_DIGITS, NORMALISE_ALNUM_UPPER, NORMALISE_EMAIL };

/** What --mask=partial may show. */
enum reveal { REVEAL_NONE, REVEAL_FIRST, REVEAL_LAST, REVEAL_DOMAIN };

/** Words that raise or lower; matched caselessly at word boundaries. */
struct context_words {
	const char *const *words;
	size_t words_len;
	uint32_t within; /**< bytes between the word and the evidence, at most */
};

struct term_list;
struct known_list;

struct rule_example {
	const char *text;
	const char *match; /**< the evidence; NULL in a counter-example */
	const char *field; /**< heading the text stands under, or NULL */
	enum assay_confidence confidence;
	const char *why; /**< counter-examples: why it must stay quiet */
	unsigned line;   /**< in the pack's file, from 1 */
	unsigned col;
};

struct rule {
	const char *id; /**< uk.nino */
	const char *name;
	const char *pack; /**< uk-personal */
	const char *file; /**< where it was read from, for messages */
	unsigned line;
	const char *category;
	enum assay_severity severity;
	/** Exact PCRE2 pattern, bytes, DOTALL; group 1, if any, is the evidence.  NULL if the
	 * rule has terms. */
	const char *pattern;
	/** The list that the evidence must be on, or NULL. */
	const struct known_list *known;
	const struct term_list *terms; /**< a dictionary that stands for the pattern, or NULL */
	/** Short superset without look-around, in syntax Vectorscan and ripgrep
	 * share; NULL: the pattern itself. */
	const char *prefilter;
	/** PCRE2 pattern of a whole cell under one of `fields`; NULL: none.  Its
	 * group 1, if any, is the evidence. */
	const char *cell;
	enum shape shape;
	const struct validator *validator;
	const char *detector;             /**< name of a row of the detector table, or NULL */
	enum assay_confidence confidence; /**< the base */
	const struct context_words *raise, *lower;
	size_t raise_len, lower_len;
	const char *const *fields; /**< lower case; compared by words, see field_matches */
	size_t fields_len;
	enum normalise normalise;
	enum reveal reveal;
	uint32_t reveal_len;
	const char *const *test_values; /**< normalised as `normalise` says, when the set is made */
	size_t test_values_len;
	const char *help;
	const char *duty; /**< which it touches beside its category's; NULL: none */
	const char *const *references;
	size_t references_len;
	const struct rule_example *examples, *counter_examples;
	size_t examples_len, counter_examples_len;
	const char *version; /**< 16 hex digits over everything that decides a match */
};

/** Rules in the order they were read.  Opaque arena behind it. */
struct rule_list {
	const struct rule *const *rules;
	size_t len;
	const char *version;                   /**< 64 hex digits over all rules */
	const struct assay_label_name *labels; /**< what a site calls labels */
	size_t labels_len;
};

/**
 * Is it nothing without a person?  The special categories and criminal offences: a word
 * for an illness is a leaflet's, until somebody's identity stands in the same record.
 */
bool rule_needs_person(const struct rule *rule);

/** Are bare digits enough for it, without a label?  Among many numbers some then fit by luck. */
bool rule_is_number(const struct rule *rule);

/** Names of the closed lists as they stand in YAML; NULL past the end. */
const char *shape_name(enum shape shape);
const char *normalise_name(enum normalise n);

#endif
