/* ruleset.c - the quick half of compiling, and what a set answers */
#include "ruleset.h"

#include <pthread.h>
#include <stdatomic.h>

#include "compile.h"
#include "fail.h"
#include "fields.h"
#include "pattern.h"

static enum assay_status database_load(const struct image_bytes *bytes, hs_database_t **ret_db,
				       struct assay_error *err)
{
	if (!bytes->data)
		return ASSAY_OK;
	if (hs_deserialize_database(bytes->data, bytes->len, ret_db) != HS_SUCCESS)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE,
				  "rules: made with another Vectorscan than this one (%s)",
				  hs_version());
	return ASSAY_OK;
}

/** Pointers and what they point to in one block. */
static enum assay_status words_load(const struct ruleset_image *image, assay_ruleset *set,
				    struct assay_error *err)
{
	size_t count = image->words_len;
	struct word_use *use;
	char *text;

	set->word_text = malloc(count * sizeof(char *) + image->word_text.len + 1);
	set->word_uses = malloc(count * sizeof(struct word_use *) +
				(image->uses_len + 1) * sizeof(struct word_use));
	if (!set->word_text || !set->word_uses)
		return assay_fail_memory(err, "context words");
	if (count == 0)
		return ASSAY_OK;
	text = (char *)(set->word_text + count);
	use = (struct word_use *)(void *)(set->word_uses + count);
	memcpy(text, image->word_text.data, image->word_text.len);
	memcpy(use, image->uses, image->uses_len * sizeof(*use));
	for (size_t i = 0; i < count; i++) {
		set->word_text[i] = text;
		set->word_uses[i] = use;
		text += strlen(text) + 1;
		while (use->rule != UINT16_MAX)
			use++;
		use++;
	}
	set->words_len = count;
	return ASSAY_OK;
}

/* ---- patterns ---- */

static bool has_group(const pcre2_code *code)
{
	uint32_t groups = 0;

	if (code)
		pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
	return groups > 0;
}

/** Each to its rule; takes them over. */
static void patterns_hand_out(assay_ruleset *set, const struct rule_facts *facts,
			      pcre2_code **codes)
{
	for (size_t i = 0; i < set->list->len; i++) {
		struct compiled_rule *c = &set->rules[i];
		const struct rule *rule = set->list->rules[i];

		*c = (struct compiled_rule){
			.rule = rule,
			.reach = facts[i].reach,
			.back = facts[i].back,
			.digits = facts[i].digits,
			.code = rule->terms ? NULL : *codes++,
		};
		if (!rule->terms && rule->cell)
			c->cell = *codes++;
		c->has_group = has_group(c->code);
		c->cell_has_group = has_group(c->cell);
	}
}

static enum assay_status patterns_load(assay_ruleset *set, const struct ruleset_image *image,
				       struct assay_error *err)
{
	CLEANUP(mem_freep) pcre2_code **codes = calloc(PATTERNS_MAX, sizeof(*codes));
	size_t len = patterns_of(set->list);
	enum assay_status st;

	if (!codes)
		return assay_fail_memory(err, "patterns");
	/* PCRE2 may have been updated since. */
	if (!patterns_unpack(&image->patterns, codes, len)) {
		st = patterns_compile(set->list, codes, &len, err);
		if (st < 0)
			return st;
	}
	patterns_hand_out(set, image->facts, codes);
	return ASSAY_OK;
}

/* ---- machine code ---- */

/** Rules that are worked on: whoever has time takes the next. */
struct shared_work {
	const assay_ruleset *set;
	uint16_t order[RULES_MAX];
	atomic_size_t next;
};

/** One who works, and what became of it. */
struct hand {
	struct shared_work *all;
	enum assay_status st;
	struct assay_error err;
};

static void *work(void *ctx)
{
	struct hand *hand = ctx;
	struct shared_work *all = hand->all;
	size_t i;

	while (hand->st == ASSAY_OK && (i = atomic_fetch_add(&all->next, 1)) < all->set->list->len)
		hand->st = pattern_machine_code(&all->set->rules[all->order[i]], &hand->err);
	return NULL;
}

static int by_length(const void *a, const void *b, void *ctx)
{
	const struct rule_list *list = ctx;
	const struct rule *x = list->rules[*(const uint16_t *)a];
	const struct rule *y = list->rules[*(const uint16_t *)b];
	size_t x_len = x->pattern ? strlen(x->pattern) : 0;
	size_t y_len = y->pattern ? strlen(y->pattern) : 0;

	return (x_len < y_len) - (x_len > y_len);
}

/** The longest first, so that nobody is left with it while the others are done. */
static void put_in_order(struct shared_work *all)
{
	const struct rule_list *list = all->set->list;

	for (size_t i = 0; i < list->len; i++)
		all->order[i] = (uint16_t)i;
	qsort_r(all->order, list->len, sizeof(all->order[0]), by_length, (void *)list);
}

/**
 * It is the largest part of starting up, so two share it where there are two CPUs.  The
 * second thread has ended when this returns: nobody forks beside it.
 */
enum assay_status ruleset_machine_code(const assay_ruleset *set, struct assay_error *err)
{
	struct shared_work all = { .set = set };
	struct hand own = { .all = &all }, other = { .all = &all };
	pthread_t thread;
	bool shared;

	put_in_order(&all);
	shared = pthread_create(&thread, NULL, work, &other) == 0;
	work(&own);
	if (shared)
		pthread_join(thread, NULL);
	if (own.st == ASSAY_OK && shared)
		own = other;
	if (own.st != ASSAY_OK && err)
		*err = own.err;
	return own.st;
}

/* ---- all of it ---- */

static enum assay_status shapes_load(const struct rule_list *list, assay_ruleset *set,
				     struct assay_error *err)
{
	for (size_t shape = 0; shape < SHAPES; shape++) {
		uint16_t *next = calloc(list->len + 1, sizeof(*next));

		if (!next)
			return assay_fail_memory(err, "shapes");
		set->by_shape[shape] = next;
		for (size_t i = 0; i < list->len; i++)
			if (list->rules[i]->shape == shape)
				*next++ = (uint16_t)i;
		*next = UINT16_MAX;
	}
	return ASSAY_OK;
}

static enum assay_status everything_load(assay_ruleset *set, const struct ruleset_image *image,
					 struct assay_error *err)
{
	enum assay_status st = patterns_load(set, image, err);

	if (st < 0)
		return st;
	set->fields = field_index_new(set->list);
	if (!set->fields || !term_index_new(set->list, &set->terms))
		return assay_fail_memory(err, "rules");
	st = shapes_load(set->list, set, err);
	if (st == ASSAY_OK)
		st = words_load(image, set, err);
	if (st == ASSAY_OK)
		st = database_load(&image->literals, &set->literals, err);
	if (st == ASSAY_OK)
		st = database_load(&image->besides, &set->besides, err);
	return st == ASSAY_OK ? database_load(&image->others, &set->others, err) : st;
}

static void free_setp(assay_ruleset **set)
{
	assay_ruleset_free(*set);
}

enum assay_status ruleset_from_image(const struct rule_list *list,
				     const struct ruleset_image *image, assay_ruleset **ret_set,
				     struct assay_error *err)
{
	CLEANUP(free_setp) assay_ruleset *set = calloc(1, sizeof(*set));
	enum assay_status st;

	if (!set)
		return assay_fail_memory(err, "rules");
	if (image->facts_len != list->len || list->len > RULES_MAX)
		return assay_fail(err, ASSAY_FATAL, ASSAY_INTERNAL,
				  "rules: they do not go with what was compiled of them");
	set->list = list;
	set->rules = calloc(list->len + 1, sizeof(set->rules[0]));
	if (!set->rules)
		return assay_fail_memory(err, "rules");
	st = everything_load(set, image, err);
	if (st < 0)
		return st;
	*ret_set = steal(&set);
	return ASSAY_OK;
}

void assay_ruleset_free(assay_ruleset *set)
{
	if (!set)
		return;
	for (size_t i = 0; set->rules && i < set->list->len; i++) {
		pcre2_code_free(set->rules[i].code);
		pcre2_code_free(set->rules[i].cell);
	}
	free(set->rules);
	for (size_t i = 0; i < SHAPES; i++)
		free(set->by_shape[i]);
	hs_free_database(set->literals);
	hs_free_database(set->besides);
	hs_free_database(set->others);
	free(set->word_text);
	free(set->word_uses);
	explicit_bzero(set->known_key, sizeof(set->known_key));
	field_index_free(set->fields);
	term_index_free(set->terms);
	if (set->packs_free)
		set->packs_free(set->packs);
	free(set);
}

size_t assay_ruleset_count(const assay_ruleset *set)
{
	return set->list->len;
}

const char *assay_ruleset_id(const assay_ruleset *set, unsigned rule)
{
	return rule < set->list->len ? set->list->rules[rule]->id : NULL;
}
