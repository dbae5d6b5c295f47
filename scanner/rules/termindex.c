/* termindex.c - the words that lead all terms, in a table */
#include "termindex.h"

#include "rule.h"

/** Bits of the field for each term, and the most it may have: what the processor's second
 * cache holds beside the rest. */
#define BITS_PER_TERM 128U
#define BITS_LOG_MIN 10U
#define BITS_LOG_MAX 22U

static unsigned log_of(size_t n)
{
	unsigned log = 0;

	while (((size_t)1 << log) < n)
		log++;
	return log;
}

static size_t count_terms(const struct rule_list *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->len; i++)
		n += list->rules[i]->terms ? list->rules[i]->terms->len : 0;
	return n;
}

static void add(struct term_index *index, const struct term_entry *e)
{
	uint64_t bit = e->hash >> index->bits_shift;
	size_t at = (size_t)(e->hash >> index->slots_shift);
	struct term_entry *slot;

	index->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
	for (; (slot = &index->slots[at])->led_by; at = (at + 1) & index->slots_mask) {
		if (slot->hash != e->hash || slot->rule != e->rule || slot->led_by != e->led_by)
			continue;
		slot->back = MAX(slot->back, e->back);
		return;
	}
	*slot = *e;
}

static void add_term(struct term_index *index, const struct term *term, size_t rule)
{
	struct term_run runs[2];
	size_t n = term_runs(term, index->word_min, runs);
	struct term_entry e = {
		.hash = term_word_hash(runs[0].key),
		.rule = (uint16_t)rule,
		.back = (uint16_t)runs[0].back,
		.led_by = n == 2 ? TERM_LED_BY_PAIR : TERM_LED_BY_WORD,
	};

	if (n == 2)
		e.hash = term_pair_hash(e.hash, term_word_hash(runs[1].key));
	index->has_words |= n < 2;
	index->has_pairs |= n == 2;
	add(index, &e);
}

/** The longest that every term has. */
static uint32_t common_word_min(const struct rule_list *list)
{
	uint32_t least = TERM_WORD_MIN_MAX;

	for (size_t i = 0; i < list->len; i++) {
		const struct term_list *t = list->rules[i]->terms;

		for (size_t k = 0; t && k < t->len; k++)
			least = MIN(least, term_longest_run(&t->terms[k]));
	}
	return least;
}

static void add_all(struct term_index *index, const struct rule_list *list)
{
	index->word_min = common_word_min(list);
	for (size_t i = 0; i < list->len; i++) {
		const struct term_list *t = list->rules[i]->terms;

		for (size_t k = 0; t && k < t->len; k++)
			add_term(index, &t->terms[k], i);
	}
}

bool term_index_new(const struct rule_list *list, struct term_index **ret_index)
{
	size_t count = count_terms(list);
	unsigned slots_log = log_of(count * 2 + 2), bits_log = log_of(count * BITS_PER_TERM + 1);
	struct term_index *index;

	if (count == 0) {
		*ret_index = NULL;
		return true;
	}
	bits_log = MAX(BITS_LOG_MIN, MIN(BITS_LOG_MAX, bits_log));
	index = calloc(1, sizeof(*index));
	if (!index)
		return false;
	index->bits_shift = 64 - bits_log;
	index->slots_shift = 64 - slots_log;
	index->slots_mask = ((size_t)1 << slots_log) - 1;
	index->bits = calloc((size_t)1 << (bits_log - 6), sizeof(*index->bits));
	index->slots = calloc(index->slots_mask + 1, sizeof(*index->slots));
	if (!index->bits || !index->slots) {
		term_index_free(index);
		return false;
	}
	add_all(index, list);
	*ret_index = index;
	return true;
}

void term_index_free(struct term_index *index)
{
	if (!index)
		return;
	free(index->bits);
	free(index->slots);
	free(index);
}
