/**
 * matcher.h - what the stages of matching share
 */
#ifndef MATCHER_H
#define MATCHER_H

#include "keyed.h"
#include "match.h"

#include "bytemask.h"

/** What a gate can test before PCRE2 is asked: a check digit, the range of a number. */
enum check { CHECK_NONE, CHECK_MOD11, CHECK_LUHN, CHECK_PHONE };

/** Starts of one rule that were tried in this window: [begin, end). */
struct tried {
	uint32_t begin, end;
};

/** A word that may lead a term. */
struct term_word {
	uint64_t hash;
	size_t at;
};

struct matcher {
	const assay_ruleset *set;
	enum match_engine engine;
	const char *isa;
	bytemask_fn *fill;
	bool has_bmi;     /**< bit manipulation instructions may be used */
	uint32_t run_min; /**< the shortest run of by_digits */
	pcre2_match_data *match_data;
	pcre2_match_context *context;
	pcre2_jit_stack *jit_stack;
	hs_scratch_t *scratch; /**< NULL: no database */
	struct keyed known;    /**< of lists of known values, if there are any */
	PCRE2_SIZE *found;     /**< of match_data */
	struct hit *merge;     /**< MERGE_HITS of them: room to put two sorted lists together */
	size_t literals_back;  /**< widest `back` of the literal-led rules */
	size_t besides_back;   /**< the same for those sought beside others */
	size_t others_back;    /**< the same for those of no shape */
	/** Rules of no shape that need a run of digits, the shortest first; and the end. */
	uint16_t by_digits[RULES_MAX + 1];
	bool starts_quad[RULES_MAX]; /**< a match may start with one to three digits and a dot */
	uint8_t check[RULES_MAX];    /**< enum check: what the rule's validator asks for at least */
	bool checked[SHAPES];        /**< all rules of the shape have a check */
	/* Of the window at hand: */
	const struct window *win;
	struct hits *out;
	struct term_word word; /**< the last one that may lead a term */
	size_t mrz_done;       /**< the run of `<` that ends here was looked at */
	size_t scan_base;      /**< index in data of what Vectorscan calls 0 */
	struct tried tried[RULES_MAX];
	uint16_t gave_up[RULES_MAX];
};

/** Try the exact pattern at every start in [first, last] that the window owns. */
void confirm_between(struct matcher *m, unsigned rule, size_t first, size_t last);

/** The same for starts that may have been tried: each is tried once, if they come in order. */
void confirm_once(struct matcher *m, unsigned rule, size_t first, size_t last);

/* The stages: each tries all starts of the window at hand that it knows of. */

void shape_stage(struct matcher *m);
void literal_stage(struct matcher *m);
void others_stage(struct matcher *m);
void beside_stage(struct matcher *m);

/**
 * Sort what was added at `from` and after, and leave out doubles.
 *
 * @param middle  where the second stage's hits begin
 */
void hits_settle(struct matcher *m, struct hits *hits, size_t from, size_t middle);

/** Put what was added at `middle` and after, sorted, where it belongs. */
void hits_join(struct matcher *m, struct hits *hits, size_t middle);

#define MERGE_HITS ((size_t)4096)

#endif
