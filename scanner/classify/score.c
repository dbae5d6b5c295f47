/* score.c - confidence by arithmetic that `explain` can print */
#include "score.h"

#include "base.h"

const struct score_step score_steps[] = {
	{ "word near", 1, offsetof(struct evidence, word_near) },
	{ "field", 1, offsetof(struct evidence, field) },
	{ "column", 1, offsetof(struct evidence, column) },
	{ "neighbour", 1, offsetof(struct evidence, neighbour) },
	{ "negative word", -1, offsetof(struct evidence, negative_word) },
	{ "luck", -1, offsetof(struct evidence, luck) },
	{ "test value", -1, offsetof(struct evidence, test_value) },
	{ NULL, 0, 0 },
};

enum assay_confidence score(const struct rule *rule, const struct evidence *e)
{
	int sum = (int)rule->confidence;

	for (size_t i = 0; i < ARRAY_SIZE(score_steps) - 1; i++)
		sum +=
		    score_steps[i].step * *(const bool *)((const char *)e + score_steps[i].offset);
	/* Most are low whatever is around them. */
	if (sum <= (int)ASSAY_LOW ||
	    (!e->neighbour &&
	     (rule_needs_person(rule) || (rule->shape == SHAPE_BESIDE && !e->field))))
		return ASSAY_LOW;
	return (enum assay_confidence)MIN((int)ASSAY_HIGH, sum);
}

bool score_is_test_value(const struct rule *rule, const char *value, size_t len)
{
	for (size_t i = 0; i < rule->test_values_len; i++) {
		const char *test = rule->test_values[i];

		if (len > 0 && test[0] == value[0] && strlen(test) == len &&
		    memcmp(test, value, len) == 0)
			return true;
	}
	return false;
}
