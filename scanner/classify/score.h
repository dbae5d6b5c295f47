/**
 * score.h - confidence by arithmetic that `explain` can print
 */
#ifndef SCORE_H
#define SCORE_H

#include "rule.h"

/** What is known of one candidate beside its rule. */
struct evidence {
	bool word_near; /**< a raising word */
	bool field;     /**< a heading, key or label names the rule */
	bool column;    /**< most of its column validates */
	bool neighbour; /**< an identity of another kind, or a person, in the same record */
	bool negative_word;
	bool luck; /**< so many numbers around it fail the check that some must pass */
	bool test_value;
};

/**
 * Base, one step for each sign, kept within low and high.  Without a neighbour it is low if
 * the rule needs a person, or is sought beside others and has no heading either.
 */
enum assay_confidence score(const struct rule *rule, const struct evidence *e);

/** The names of the steps, for explain: `word near +1` and so on; NULL ends. */
struct score_step {
	const char *name;
	int step;
	size_t offset; /**< of the bool in struct evidence */
};
extern const struct score_step score_steps[];

/** Is the normalised value one of the rule's test values? */
bool score_is_test_value(const struct rule *rule, const char *value, size_t len);

#endif
