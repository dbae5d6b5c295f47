/* version.c - a hash of everything that decides a match: has a rule changed? */
#include "packset.h"

#include "digest.h"
#include "hex.h"
#include "known.h"
#include "terms.h"

static void add_words(struct digest *d, const struct context_words *groups, size_t len)
{
	digest_number(d, len);
	for (size_t i = 0; i < len; i++) {
		digest_number(d, groups[i].within);
		digest_texts(d, groups[i].words, groups[i].words_len);
	}
}

static bool end_in_hex(struct digest *d, char *ret_hex, size_t hex_digits)
{
	uint8_t hash[DIGEST_BYTES];

	if (!digest_end(d, hash))
		return false;
	hex_text(hash, hex_digits, ret_hex);
	return true;
}

bool rule_version(const struct rule *rule, char ret[RULE_VERSION_BYTES])
{
	struct digest d;

	digest_begin(&d);
	digest_text(&d, rule->id);
	digest_text(&d, rule->pattern);
	/* Not of the terms themselves: a log names this version, and they may be secret. */
	for (size_t i = 0; rule->terms && i < ARRAY_SIZE(rule->terms->stamp); i++)
		digest_number(&d, rule->terms->stamp[i]);
	/* Of the list's head: its seal is an HMAC over all of it. */
	digest_number(&d, rule->known ? 1 : 0);
	if (rule->known)
		digest_bytes(&d, rule->known->head, KNOWN_HEAD_BYTES);
	digest_number(&d, rule->terms ? 1 + rule->terms->fold : 0);
	digest_text(&d, rule->prefilter);
	digest_text(&d, rule->cell);
	digest_text(&d, shape_name(rule->shape));
	digest_text(&d, rule->validator ? rule->validator->name : NULL);
	digest_text(&d, rule->detector);
	digest_text(&d, assay_confidence_name(rule->confidence));
	add_words(&d, rule->raise, rule->raise_len);
	add_words(&d, rule->lower, rule->lower_len);
	digest_texts(&d, rule->fields, rule->fields_len);
	digest_texts(&d, rule->test_values, rule->test_values_len);
	/* These two decide what a log keeps of a match. */
	digest_text(&d, normalise_name(rule->normalise));
	digest_number(&d, (uint64_t)rule->reveal << 32 | rule->reveal_len);
	return end_in_hex(&d, ret, RULE_VERSION_BYTES - 1);
}

bool list_version(const struct rule_list *list, char ret[LIST_VERSION_BYTES])
{
	struct digest d;

	digest_begin(&d);
	digest_number(&d, list->len);
	for (size_t i = 0; i < list->len; i++) {
		digest_text(&d, list->rules[i]->id);
		digest_text(&d, list->rules[i]->version);
	}
	for (size_t i = 0; i < list->labels_len; i++) {
		digest_text(&d, list->labels[i].id);
		digest_text(&d, list->labels[i].marking);
	}
	return end_in_hex(&d, ret, LIST_VERSION_BYTES - 1);
}
