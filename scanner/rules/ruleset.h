/**
 * ruleset.h - rules made ready to run, as the stages see them
 *
 * Everything that needs a compiler (Vectorscan) or executable memory (PCRE2's
 * JIT) happens before the first worker is locked down.  Afterwards a set is
 * read-only and shared by all workers, copy on write.
 */
#ifndef RULESET_H
#define RULESET_H

#include <assay/ruleset.h>

#include "rule.h"
#include "termindex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <hs/hs.h>
#include <pcre2.h>

/** A context word as one rule sees it. */
struct word_use {
	uint16_t rule;
	uint16_t within;
	int8_t step; /**< +1 or -1 */
};

struct compiled_rule {
	const struct rule *rule;
	pcre2_code *code; /**< offset limit allowed; NULL: the rule has terms */
	pcre2_code *cell; /**< anchored at both ends; NULL: none */
	bool has_group;   /**< group 1 is the evidence */
	bool cell_has_group;
	uint32_t reach; /**< bytes a match may take, look-ahead included */
	/** Widest match of the prefilter and what may stand before it; of a rule that
	 * `digits` lead, these and what may stand before them. */
	uint32_t back;
	uint32_t digits; /**< SHAPE_OTHER: every match has a run of so many digits */
};

/** Digits in a row that are rare enough to lead a rule of no shape. */
#define DIGIT_RUN_MIN 4U

/** A bit for each rule. */
struct rule_bits {
	uint64_t word[RULES_MAX / 64];
};

static inline bool rule_bit(const struct rule_bits *b, unsigned rule)
{
	return b->word[rule / 64] >> (rule % 64) & 1;
}

static inline void rule_bit_set(struct rule_bits *b, unsigned rule)
{
	b->word[rule / 64] |= UINT64_C(1) << (rule % 64);
}

struct assay_ruleset {
	struct pack_set *packs;                     /**< owned; NULL for the built-in rules alone */
	void (*packs_free)(struct pack_set *packs); /**< how `packs` go */
	const struct rule_list *list;
	struct compiled_rule *rules; /**< list->len of them */
	hs_database_t
	    *literals; /**< prefilters of SHAPE_LITERAL rules; ids are rule numbers; or NULL */
	hs_database_t *besides; /**< the same for SHAPE_BESIDE; or NULL */
	/** The same for SHAPE_OTHER, but for rules led by a run of digits; or NULL. */
	hs_database_t *others;
	uint16_t *by_shape[SHAPES]; /**< rules of a shape, ended by UINT16_MAX */
	/** Context words of all rules; how they are found is the context stage's own. */
	const char **word_text;      /**< by word id, lower case */
	struct word_use **word_uses; /**< by word id, ended by rule UINT16_MAX */
	size_t words_len;
	struct field_index *fields; /**< private to fields.c */
	struct term_index *terms;   /**< of all dictionaries; or NULL */
	bool has_known;             /**< some rules have known values, ... */
	uint8_t known_key[32];      /**< ... listed with this key */
};

/**
 * Which rules does a heading, key or label speak for, and which against?
 *
 * A field names a rule if one of the rule's `fields` equals it after folding
 * case and turning `_`, `-`, `.`, `/` and camelCase borders into spaces, or is
 * a run of whole words in it ("patient nhs number" names "nhs number").
 * The words of `lower` speak against a rule in the same way.
 */
void ruleset_field_rules(const assay_ruleset *set, const char *field, size_t len,
			 struct rule_bits *ret_for, struct rule_bits *ret_against);

struct rule_cache;

/**
 * Compile rules that are already in memory.  Takes `packs` over, also on failure.
 *
 * @param cache  may have them compiled; NULL: none
 */
MUST_USE enum assay_status ruleset_compile_take(struct pack_set *packs,
						const struct rule_cache *cache,
						assay_ruleset **ret_set, struct assay_error *err);

/**
 * Compile the patterns to machine code where that is not done yet: some 3 ms with two CPUs.
 * Without it they are interpreted, with the same outcome and in five times the time, which
 * pays for a few KiB of text.
 */
MUST_USE enum assay_status ruleset_machine_code(const assay_ruleset *set, struct assay_error *err);

/** Normalise a value: the bytes that are hashed.  @return  bytes written, at most `cap` */
size_t rule_normalise(enum normalise how, const char *value, size_t len, char *ret, size_t cap);

#endif
