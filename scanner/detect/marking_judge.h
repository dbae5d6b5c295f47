/**
 * marking_judge.h - a candidate for a marking, and how it is judged
 *
 * Private to detect.  A hit's line is its view; what speaks for and against it are
 * signals; one with any hope is kept as a mark until the end of the object.
 */
#ifndef MARKING_JUDGE_H
#define MARKING_JUDGE_H

#include "label.h"
#include "marking_grammar.h"
#include "vec.h"

/** How far a line is read either side of a hit. */
#define LINE_REACH ((size_t)200)

/** Hundredths. */
#define SCORE_MEDIUM 60
#define SCORE_HIGH 85

enum signal {
	ALONE,
	PLACE,
	CAPITALS,
	REPEATED,
	LABELLED,
	VALID,
	CLEAR,
	STATED,
	SENTENCE,
	PHRASE,
	RUN_ON,
	BURIED,
	DISCUSSED,
	CODE,
	LEGEND,
	NEGATED,
	COLUMN,
	AROUND,
	SIGNALS
};

static inline uint32_t bit(enum signal s)
{
	return UINT32_C(1) << s;
}

/** A candidate, and the strings it keeps. */
struct mark {
	unsigned rule;
	struct assay_occurrence occurrence;
	char *strings; /**< owned: all of the occurrence's */
	uint64_t order;
	uint64_t line;
	uint64_t at; /**< where the expression begins: the same for all hits in it */
	int score;   /**< without what the end of the object adds */
	uint32_t signals;
	uint8_t scheme, tier;
	bool tiered, portion;
	bool own_rule; /**< the rule is the scheme's own */
	bool repeats;  /**< stands where a marking is repeated */
	bool weak;     /**< never certain: a file's name, TLP:RED amid a line */
	bool business; /**< everyday words: nothing without a tier beside them */
	bool mention;  /**< no marking: a text about markings, a label nobody can explain */
	bool subject;  /**< stands in the subject of a message saved as text */
	bool is_label; /**< of the metadata, or of a header in text */
	bool listed;   /**< under a heading in a row, and not known to be of what the row holds */
	uint8_t wrong; /**< WRONG_ bits */
	bool accepted;
	const char *label;
	char handling[160];
	char descriptors[160];
};

/** What the rows with a marking under its heading say together. */
struct register_look {
	uint64_t last;       /**< key of the last one */
	uint64_t len, bytes; /**< how many, and how long their longest cells are */
	bool has_things;     /**< headings of what is listed... */
	bool has_content;    /**< ...or of what is here */
};

struct markings {
	struct vec(struct mark) marks;
	struct vec(struct marking_found) found;
	struct labels *labels, *header; /**< of metadata; of one header in text */
	uint64_t seen;
	unsigned us_block; /**< US_ bits: lines of a US classification authority */
	struct register_look rows;
	char handling[512];
	char descriptors[512];
	char places[512];
	char conflicts[256];
	struct lexicon lexicon;
	struct line line, around; /**< scratch */
};
/** A hit's line: the part of the text it is judged by. */
struct view {
	const struct marking_hit *hit;
	const char *text; /**< of the line */
	size_t len;
	size_t begin, end; /**< of the evidence in the line */
	bool cut_left, cut_right;
};

static inline bool is_line_end(char c)
{
	return c == '\n' || c == '\r' || c == '\f' || c == '\0';
}

/* marking_plain.c */

/** A file's name, or words joined like one: report_OFFICIAL-SENSITIVE_v2.docx */
bool hit_is_name(const struct marking_hit *h);
/** Is a heading, key or property name one of a marking? */
bool field_is_label(const char *field);

/* marking_view.c */

/** Take the line the evidence stands in, cut on either side; all of it is borrowed from the hit. */
void view_line(struct view *v, const struct marking_hit *h);
/** The tier the evidence touches; `spans_len` if none. */
size_t head_at(const struct line *l, size_t begin, size_t end);
bool is_head(const struct span *s);
bool word_equals(const struct line *l, size_t word, const char *text);
/** @param list  ended by NULL */
bool word_among(const struct line *l, size_t word, const char *const *list);
/** Are spans [from, to) grammar, with only fitting signs between them? */
bool all_grammar(const struct line *l, size_t from, size_t to);
/** Does the tier of the expression count in any case? */
bool any_case(const struct line *l, const struct expression *e);
/** Is the line, or the cell, nothing but marking? */
bool is_alone(const struct view *v, const struct line *l, const struct expression *e);
/** [OFFICIAL] subject; subject - OFFICIAL: at an end, and parted from the rest. */
bool is_parted_end(const struct line *l, const struct expression *e);

/* marking_signals.c */

/** Sum of the signals' weights. */
int weigh(uint32_t signals);
/** What one signal weighs. */
int weight_of(enum signal s);
bool is_margin(const struct marking_hit *h);
bool is_placed(const struct marking_hit *h);
bool is_tlp_proper(const struct line *l, const struct expression *e);
uint32_t signals_for(struct markings *m, const struct view *v, const struct line *l,
		     const struct expression *e);
uint32_t signals_against(const struct view *v, const struct line *l, const struct expression *e,
			 uint32_t have);
/** What stands around the line. */
uint32_t signals_around(struct markings *m, const struct view *v, const struct line *l,
			const struct expression *e, uint32_t have);
/** Capitals are required, unless a label precedes or the words leave no doubt. */
bool case_allows(const struct line *l, const struct expression *e, uint32_t have);

/* marking_register.c */

/** Does the hit stand in a row, under its heading?  Then learn from the row. */
bool note_row(struct register_look *rows, const struct marking_hit *h, uint32_t signals);
/** Do the rows list things that are elsewhere? */
bool is_register(const struct register_look *rows);

/* marking_header.c */

/** A rule of scheme `label`: a header or a property that stands in text. */
bool judge_header(struct markings *m, const struct view *v);

/** `Subject: ...` among the headers of a message saved as text. */
bool is_subject_line(const struct view *v);

/* marking_conflict.c */

/** Fill in m->places and m->conflicts: the accepted marks, and what does not go together. */
void find_conflicts(struct markings *m, const struct mark *best);
const char *where_of(const struct mark *mark);
/** Append what `to` lacks of another list; `; ` between. */
void merge_list(char *to, size_t cap, const char *from);
/** Is the embargo that begins in this line over? */
bool embargo_is_past(const char *text, size_t len, time_t now);

/* marking_keep.c */

/** A mark that stands at `at` in the hit's text. */
struct mark mark_from(const struct marking_hit *h, const char *at);
/** Most a mark can still reach. */
int potential_of(const struct mark *mark);
/** Keep a candidate with any hope, or a mention; its strings are copied. */
void mark_keep(struct markings *m, struct mark *mark);
/** Is the rule the scheme's own? */
bool rule_fits(const char *rule, uint8_t scheme, bool tiered);
void copy_list(char *to, size_t cap, const char *from);

#endif
