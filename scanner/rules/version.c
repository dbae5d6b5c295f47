/* version.c - a hash of everything that decides a match: has a rule changed? */
#include "packset.h"

#include "checksum.h"
#include "hex.h"
#include "known.h"
#include "terms.h"

static void add_words(struct checksum *d, const struct context_words *groups, size_t len)
{
	checksum_number(d, len);
	for (size_t i = 0; i < len; i++) {
		checksum_number(d, groups[i].within);
		checksum_texts(d, groups[i].words, groups[i].words_len);
	}
}

static void end_in_hex(struct checksum *d, char *ret_hex, size_t hex_digits)
{
	uint8_t hash[CHECKSUM_BYTES];

	checksum_end(d, hash);
	hex_text(hash, hex_digits, ret_hex);
}

void rule_version(const struct rule *rule, char ret[RULE_VERSION_BYTES])
{
	struct checksum d;

	checksum_begin(&d);
	checksum_text(&d, rule->id);
	checksum_text(&d, rule->pattern);
	/* Not of the terms themselves: a log names this version, and they may be secret. */
	for (size_t i = 0; rule->terms && i < ARRAY_SIZE(rule->terms->stamp); i++)
		checksum_number(&d, rule->terms->stamp[i]);
	/* Of the list's head: its seal is an HMAC over all of it. */
	checksum_number(&d, rule->known ? 1 : 0);
	if (rule->known)
		checksum_bytes(&d, rule->known->head, KNOWN_HEAD_BYTES);
	checksum_number(&d, rule->terms ? 1 + rule->terms->fold : 0);
	checksum_text(&d, rule->prefilter);
	checksum_text(&d, rule->cell);
	checksum_text(&d, shape_name(rule->shape));
	checksum_text(&d, rule->validator ? rule->validator->name : NULL);
	checksum_text(&d, rule->detector);
	checksum_text(&d, assay_confidence_name(rule->confidence));
	add_words(&d, rule->raise, rule->raise_len);
	add_words(&d, rule->lower, rule->lower_len);
	checksum_texts(&d, rule->fields, rule->fields_len);
	checksum_texts(&d, rule->test_values, rule->test_values_len);
	/* These two decide what a log keeps of a match. */
	checksum_text(&d, normalise_name(rule->normalise));
	checksum_number(&d, (uint64_t)rule->reveal << 32 | rule->reveal_len);
	end_in_hex(&d, ret, RULE_VERSION_BYTES - 1);
}

void list_version(const struct rule_list *list, char ret[LIST_VERSION_BYTES])
{
	struct checksum d;

	checksum_begin(&d);
	checksum_number(&d, list->len);
	for (size_t i = 0; i < list->len; i++) {
		checksum_text(&d, list->rules[i]->id);
		checksum_text(&d, list->rules[i]->version);
	}
	for (size_t i = 0; i < list->labels_len; i++) {
		checksum_text(&d, list->labels[i].id);
		checksum_text(&d, list->labels[i].marking);
	}
	end_in_hex(&d, ret, LIST_VERSION_BYTES - 1);
}
