/**
 * marking_grammar.h - a line as words, and the words as parts of markings
 *
 * Private to detect.  Everything is bounded: a line of LINE_MAX bytes at most, in
 * memory of the caller.
 */
#ifndef MARKING_GRAMMAR_H
#define MARKING_GRAMMAR_H

#include "base.h"

/** More of a line is not looked at. */
#define MARKING_LINE_MAX ((size_t)640)
#define MARKING_WORDS_MAX ((size_t)160)

/** What stands between two words, or before the first and after the last. */
enum gap {
	GAP_SPACE = 1 << 0,
	GAP_HYPHEN = 1 << 1,
	GAP_COLON = 1 << 2,
	GAP_SLASH = 1 << 3,
	GAP_DSLASH = 1 << 4,
	GAP_CELL = 1 << 5, /**< tab, bar, three spaces: another column */
	GAP_COMMA = 1 << 6,
	GAP_OPEN = 1 << 7,
	GAP_CLOSE = 1 << 8,
	GAP_STOP = 1 << 9, /**< full stop, question mark, exclamation mark */
	GAP_QUOTE = 1 << 10,
	GAP_MARK = 1 << 11, /**< * # ~ and the like around a marking */
	GAP_ODD = 1 << 12,  /**< = { $ \ @: not a document's text */
	GAP_PLUS = 1 << 13,
	GAP_TIGHT = 1 << 14, /**< comma or semicolon with no space after it: CSV */
	GAP_BREAK = 1 << 15, /**< a line's end */
};

/** How a word is written. */
enum form { FORM_CAPS, FORM_TITLE, FORM_LOWER, FORM_MIXED, FORM_DIGITS };

struct word {
	uint16_t begin, end; /**< in the text */
	uint16_t at, len;    /**< in capitals, in the line's pool */
	uint16_t gap;        /**< what stands before it */
	uint8_t form;
};

/** What a run of words is. */
enum part {
	PART_OTHER,
	PART_TIER,       /**< OFFICIAL-SENSITIVE */
	PART_HEAD,       /**< a marking without a tier: PRIVATE AND CONFIDENTIAL */
	PART_PREFIX,     /**< UK */
	PART_HANDLING,   /**< RECIPIENTS ONLY */
	PART_DESCRIPTOR, /**< COMMERCIAL */
	PART_CAVEAT,     /**< UK EYES ONLY, STRAP1 */
	PART_CONTROL_US, /**< NOFORN */
	PART_CONTROL_AU, /**< AUSTEO */
	PART_CODEWORD,
	PART_NOISE,  /**< page number, version, date, when complete */
	PART_NUMBER, /**< noise beside a number alone: page, of */
	PART_LABEL,  /**< Classification: */
	PART_ITEM,   /**< Handling: and what else needs its colon to be a label */
	PART_LEGEND, /**< delete as appropriate */
	PART_TRAP,   /**< OFFICIAL RECEIVER */
};

enum scheme {
	SCHEME_GSCP,
	SCHEME_GPMS,
	SCHEME_TLP,
	SCHEME_NATO,
	SCHEME_EU,
	SCHEME_US,
	SCHEME_AU,
	SCHEME_POLICE,
	SCHEME_FOI,
	SCHEME_OTHER,
	SCHEME_ANY,
};

/** A phrase is clear of other meanings. */
#define PHRASE_CLEAR 1u
/** Counts only after a label: O-S. */
#define PHRASE_LABELLED 2u
/** Any case will do. */
#define PHRASE_ANY_CASE 4u
/** A caveat of SECRET and above. */
#define PHRASE_HIGH 8u
/** Only with a plain OFFICIAL. */
#define PHRASE_PUBLIC 16u
/** Everyday words of business. */
#define PHRASE_BUSINESS 32u

/** Counts only in a header, after a label and the like, or with what follows it. */
#define PHRASE_PLACED 64u
/** Ends a sentence that is an instruction: `... without reference to the originator`. */
#define PHRASE_STATEMENT 128u

/** What an expression says against its scheme. */
#define WRONG_CAVEAT 1u  /**< a national caveat below SECRET */
#define WRONG_PUBLIC 2u  /**< FOR PUBLIC RELEASE with more than OFFICIAL */
#define WRONG_EMBARGO 4u /**< EMBARGOED until a day that is past */

/**
 * A row of the lexicon.  Between words: ` ` space or hyphen, `/` slash, `:` colon
 * without space, `+` plus, `~` any of space, hyphen, colon, slash, bracket.
 */
struct phrase {
	const char *text;
	uint8_t part;
	uint8_t scheme;
	uint8_t tier;
	uint8_t flags;
	const char *label; /**< canonical; NULL: the text */
};

#define LEXICON_MAX ((size_t)512)

extern const struct phrase marking_lexicon[];
extern const size_t marking_lexicon_len;

/** The lexicon's rows by the first letter of their text, as lists. */
struct lexicon {
	uint16_t first[26]; /**< row plus one; 0 ends a list */
	uint16_t next[LEXICON_MAX];
};

void lexicon_init(struct lexicon *lex);

/** The log's name of a scheme; a static string. */
const char *scheme_name(enum scheme s);
enum scheme scheme_named(const char *name);

/** Words first .. first + len - 1 of a line. */
struct span {
	uint16_t first, len;
	uint8_t part;
	const struct phrase *phrase; /**< NULL: made of a form, not from the lexicon */
};

struct line {
	struct word words[MARKING_WORDS_MAX];
	size_t words_len;
	struct span spans[MARKING_WORDS_MAX];
	size_t spans_len;
	uint16_t gap_end; /**< after the last word */
	bool cut;         /**< more words than fit */
	char pool[MARKING_LINE_MAX];
	size_t pool_len;
};

/** Which characters part words, beside those that always do. */
enum line_kind {
	LINE_TEXT,
	LINE_NAME, /**< a file name or key: _ and . are spaces */
};

/** Take text apart; at most MARKING_LINE_MAX bytes of it. */
void line_read(struct line *l, const struct lexicon *lex, const char *text, size_t len,
	       enum line_kind kind);

/** The gap before a span. */
uint16_t span_gap(const struct line *l, size_t span);
/** The gap after a span. */
uint16_t span_gap_after(const struct line *l, size_t span);

/** Is a gap more than a space: does a new thing begin after it? */
bool gap_parts(uint16_t gap);

/** Are the span's words all in capitals (but for -Sensitive)? */
bool span_is_caps(const struct line *l, const struct span *s);

/** A marking: a head with what belongs to it. */
struct expression {
	size_t first, len; /**< spans, prefix included */
	size_t head;       /**< span of the tier */
	uint8_t scheme, tier;
	bool valid;    /**< the scheme allows the combination */
	uint8_t wrong; /**< WRONG_ bits: why not */
	bool clear;    /**< it can hardly mean anything else */
	bool tiered;   /**< a tier, not just words like it */
	const char *label;
	char handling[160];
	char descriptors[160];
};

/** The expression around a span that is a tier or a head. */
void expression_read(const struct line *l, size_t head, struct expression *ret);

/** Add what a span says to an expression's strings. */
void expression_add(const struct line *l, size_t span, struct expression *e);

/** One Australian [SEC=...] tag or X-Protective-Marking value. */
struct sec_marking {
	const char *label; /**< OFFICIAL: SENSITIVE */
	unsigned tier;
	char handling[160];
	char descriptors[160];
};

/** `[SEC=...]` anywhere in the text. */
bool sec_subject(const char *text, size_t len, struct sec_marking *ret);
/** A header's value: VER=2024.1, NS=gov.au, SEC=..., in this order. */
bool sec_header(const char *text, size_t len, struct sec_marking *ret);

/** A portion mark `(S//NF)` at the front of the text: its tier, or -1. */
int portion_tier(const char *text, size_t len, const char **ret_label);

#endif
