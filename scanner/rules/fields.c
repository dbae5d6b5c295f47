/*
 * fields.c - which rules does a heading, key or label speak for, which against?
 *
 * Headings and fields are folded to lower-case words with single spaces between
 * them; a field names a rule if its words stand in a row in the heading.  Words that
 * lower a rule speak against it there too: "Part No" is no context that cells far
 * below it could have.
 */
#include "fields.h"

/** Longer headings are prose; only their beginning counts. */
#define HEADING_MAX ((size_t)256)
#define FOLDED_MAX (2 * HEADING_MAX + 1)

struct field_entry {
	uint32_t hash;    /**< of the first word */
	const char *text; /**< folded; in the index's own memory */
	size_t len;
	uint16_t rule;
	bool against;
};

struct field_index {
	struct field_entry *entries; /**< sorted by hash */
	size_t len;
	char *text;
};

static bool is_word_byte(char c)
{
	return is_alnum(c) || (unsigned char)c >= 0x80 || (c && strchr("#&+%'@", c));
}

/** Does a word begin between text[i - 1] and text[i], as in patientName or NHSNumber? */
static bool is_camel_border(const char *text, size_t len, size_t i)
{
	if (i == 0 || !is_upper(text[i]))
		return false;
	return is_lower(text[i - 1]) ||
	       (is_upper(text[i - 1]) && i + 1 < len && is_lower(text[i + 1]));
}

/** @return  bytes written to `ret`, which has room for FOLDED_MAX */
static size_t fold(const char *text, size_t len, char *ret)
{
	bool between = false;
	size_t n = 0;

	len = MIN(len, HEADING_MAX);
	for (size_t i = 0; i < len; i++) {
		if (!is_word_byte(text[i])) {
			between = true;
			continue;
		}
		if (n && (between || is_camel_border(text, len, i)))
			ret[n++] = ' ';
		between = false;
		ret[n++] = to_lower(text[i]);
	}
	return n;
}

static size_t word_len(const char *text, size_t len)
{
	const char *space = memchr(text, ' ', len);

	return space ? (size_t)(space - text) : len;
}

static uint32_t hash_of(const char *word, size_t len)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)word[i]) * 16777619U;
	return h;
}

static int by_hash(const void *left, const void *right)
{
	const struct field_entry *a = left, *b = right;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->rule < b->rule ? -1 : a->rule > b->rule;
}

/** @return  where the next one's text goes */
static char *add_entry(struct field_index *index, const char *words, size_t rule, bool against,
		       char *text)
{
	struct field_entry *e = &index->entries[index->len];

	e->text = text;
	e->len = fold(words, strlen(words), text);
	e->hash = hash_of(e->text, word_len(e->text, e->len));
	e->rule = (uint16_t)rule;
	e->against = against;
	index->len += e->len > 0;
	return text + e->len;
}

static void fill(struct field_index *index, const struct rule_list *list)
{
	char *free_text = index->text;

	for (size_t i = 0; i < list->len; i++) {
		const struct rule *r = list->rules[i];

		for (size_t j = 0; j < r->fields_len; j++)
			free_text = add_entry(index, r->fields[j], i, false, free_text);
		for (size_t j = 0; j < r->lower_len; j++)
			for (size_t k = 0; k < r->lower[j].words_len; k++)
				free_text =
				    add_entry(index, r->lower[j].words[k], i, true, free_text);
	}
	if (index->len > 1)
		qsort(index->entries, index->len, sizeof(index->entries[0]), by_hash);
}

/** What folding a list of words may take. */
static size_t folded_bytes(const char *const *words, size_t len)
{
	size_t bytes = 0;

	for (size_t i = 0; i < len; i++)
		bytes += 2 * strlen(words[i]);
	return bytes;
}

struct field_index *field_index_new(const struct rule_list *list)
{
	struct field_index *index = calloc(1, sizeof(*index));
	size_t count = 0, bytes = FOLDED_MAX;

	if (!index)
		return NULL;
	for (size_t i = 0; i < list->len; i++) {
		const struct rule *r = list->rules[i];

		count += r->fields_len;
		bytes += folded_bytes(r->fields, r->fields_len);
		for (size_t j = 0; j < r->lower_len; j++) {
			count += r->lower[j].words_len;
			bytes += folded_bytes(r->lower[j].words, r->lower[j].words_len);
		}
	}
	index->entries = calloc(count + 1, sizeof(index->entries[0]));
	index->text = malloc(bytes);
	if (!index->entries || !index->text) {
		field_index_free(index);
		return NULL;
	}
	fill(index, list);
	return index;
}

void field_index_free(struct field_index *index)
{
	if (!index)
		return;
	free(index->entries);
	free(index->text);
	free(index);
}

/** First entry of a hash, or the end. */
static size_t first_of(const struct field_index *index, uint32_t hash)
{
	size_t low = 0, high = index->len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (index->entries[mid].hash < hash)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void fields_at(const struct field_index *index, const char *text, size_t len,
		      struct rule_bits *ret_for, struct rule_bits *ret_against)
{
	uint32_t hash = hash_of(text, word_len(text, len));

	for (size_t i = first_of(index, hash); i < index->len && index->entries[i].hash == hash;
	     i++) {
		const struct field_entry *e = &index->entries[i];

		if (e->len <= len && memcmp(e->text, text, e->len) == 0 &&
		    (e->len == len || text[e->len] == ' '))
			rule_bit_set(e->against ? ret_against : ret_for, e->rule);
	}
}

void ruleset_field_rules(const assay_ruleset *set, const char *field, size_t len,
			 struct rule_bits *ret_for, struct rule_bits *ret_against)
{
	char text[FOLDED_MAX];
	size_t folded = fold(field, len, text);

	*ret_for = *ret_against = (struct rule_bits){ 0 };
	for (size_t at = 0; at < folded; at += word_len(text + at, folded - at) + 1)
		fields_at(set->fields, text + at, folded - at, ret_for, ret_against);
}
