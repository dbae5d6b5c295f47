/**
 * termindex.h - by which words may a term be near?
 *
 * One for all dictionaries of a set.  A word is a run of ASCII letters and digits of
 * `word_min` bytes or more.  A term that has two of them is led by its first two, which no
 * text has one after the other by chance; another by its one.  Both are looked up by hashes,
 * first in a field of bits, which says no to nearly everything, then in a table.
 */
#ifndef TERMINDEX_H
#define TERMINDEX_H

#include "terms.h"

struct rule_list;

enum term_led_by { TERM_NOT_LED, TERM_LED_BY_WORD, TERM_LED_BY_PAIR };

struct term_entry {
	uint64_t hash;
	uint16_t rule;
	uint16_t back;  /**< most bytes of a match before the word, or before the first of two */
	uint8_t led_by; /**< enum term_led_by; TERM_NOT_LED: the slot is empty */
};

struct term_index {
	uint32_t word_min;
	bool has_words, has_pairs; /**< some terms are led by one word, by two */
	unsigned bits_shift;
	uint64_t *bits;
	unsigned slots_shift;
	size_t slots_mask;
	struct term_entry *slots; /**< open addressing; a hash may have several */
};

/** Shorter words are passed over, if all terms have one that is so long. */
#define TERM_WORD_MIN_MAX 8U

/**
 * @param ret_index  NULL if no rule has terms; free with term_index_free()
 * @return           false without memory
 */
MUST_USE bool term_index_new(const struct rule_list *list, struct term_index **ret_index);
void term_index_free(struct term_index *index);

/* The high bits of a product depend on all bytes of a key; they are the ones in use. */
static inline uint64_t term_word_hash(uint64_t key)
{
	return key * UINT64_C(0x9E3779B97F4A7C15);
}

/** Of two words, by their hashes. */
static inline uint64_t term_pair_hash(uint64_t first, uint64_t second)
{
	return (first << 29 | first >> 35) + second;
}

static inline bool term_index_may(const struct term_index *index, uint64_t hash)
{
	uint64_t at = hash >> index->bits_shift;

	return index->bits[at / 64] >> (at % 64) & 1;
}

#endif
