/* image.c - the slow half of compiling: measure patterns, make the databases */
#include "compile.h"

#include <inttypes.h>

#include "buf.h"
#include "fail.h"
#include "library.h"
#include "measure.h"
#include "pattern.h"
#include "terms.h"
#include "vec.h"

/** Shorter literals do not lead: they stand everywhere. */
#define LITERAL_MIN 3U

/**
 * A prefilter may leave out what a pattern allows in front ("TOP " before
 * SECRET): the start is looked for this many bytes before it, too.
 */
#define PREFIX_MAX 64U

#define WORDS_MAX ((size_t)32768)
#define WORD_TEXT_MAX (1 * MiB)

#define HS_CALLS(X) X(hs_compile_multi) X(hs_free_compile_error)

/** Vectorscan's compiler; what it makes is the runtime's, which is linked. */
static LIBRARY_CALLS(hs_calls, HS_CALLS) compiler;
static struct library libhs = LIBRARY(HS_COMPILER_SONAME, HS_CALLS, compiler);

/** Expressions on their way into one database. */
struct expressions {
	const char **text;
	unsigned *ids;
	unsigned *flags;
	size_t len;
};

struct word_entry {
	const char *word;
	struct word_use use;
};

struct words {
	struct vec(struct word_entry) entries;
};

static void expressions_done(struct expressions *e)
{
	free(e->text);
	free(e->ids);
	free(e->flags);
}

static bool expressions_init(struct expressions *e, size_t cap)
{
	e->text = calloc(cap, sizeof(e->text[0]));
	e->ids = calloc(cap, sizeof(e->ids[0]));
	e->flags = calloc(cap, sizeof(e->flags[0]));
	return e->text && e->ids && e->flags;
}

static void expressions_add(struct expressions *e, const char *text, unsigned id, unsigned flags)
{
	e->text[e->len] = text;
	e->ids[e->len] = id;
	e->flags[e->len++] = flags;
}

static const char *prefilter_of(const struct rule *rule)
{
	return rule->prefilter ? rule->prefilter : rule->pattern;
}

static bool is_led_by_database(const struct rule *rule)
{
	return rule->shape == SHAPE_LITERAL || rule->shape == SHAPE_BESIDE ||
	       rule->shape == SHAPE_OTHER;
}

static enum assay_status measure_prefilter(const struct rule *rule, struct rule_facts *ret_facts,
					   struct assay_error *err)
{
	const char *key = rule->prefilter ? "prefilter" : "pattern";
	struct measure m;
	const char *wrong = measure_pattern(prefilter_of(rule), &m);

	if (wrong)
		return rule_fail(err, rule, "%s %s", key, wrong);
	if (m.width == MEASURE_UNBOUNDED || m.width > RULE_REACH_MAX)
		return rule_fail(err, rule,
				 "%s has no bound: give its repeats one, or cut it short in a "
				 "prefilter",
				 key);
	if (rule->shape != SHAPE_OTHER && m.literal < LITERAL_MIN)
		return rule_fail(err, rule,
				 "%s lacks a literal of %u bytes in some branch: name a shape, or "
				 "`shape: other`, which is slow",
				 key, LITERAL_MIN);
	ret_facts->back = m.width + (rule->prefilter ? PREFIX_MAX : 0);
	return ASSAY_OK;
}

static enum assay_status measure_rule(const struct rule *rule, struct rule_facts *ret_facts,
				      struct assay_error *err)
{
	struct measure m;
	const char *wrong;

	if (rule->terms) {
		ret_facts->reach = terms_reach(rule->terms);
		return ASSAY_OK;
	}
	wrong = measure_pattern(rule->pattern, &m);
	if (wrong)
		return rule_fail(err, rule, "pattern %s", wrong);
	if (m.reach > RULE_REACH_MAX)
		return rule_fail(
		    err, rule, "pattern may reach %s%u bytes: bound its repeats and look-ahead",
		    m.reach == MEASURE_UNBOUNDED ? "past " : "over ", (unsigned)RULE_REACH_MAX);
	if (m.width == 0)
		return rule_fail(err, rule, "pattern matches nothing but the empty text");
	ret_facts->reach = m.reach;
	if (rule->shape == SHAPE_OTHER && m.digits >= DIGIT_RUN_MIN) {
		/* No database: a run of digits leads it, see gate_digit_run(). */
		ret_facts->digits = m.digits;
		ret_facts->back = m.digits_lead + m.digits;
		return ASSAY_OK;
	}
	return is_led_by_database(rule) ? measure_prefilter(rule, ret_facts, err) : ASSAY_OK;
}

static enum assay_status patterns_make(const struct rule_list *list, struct image_bytes *ret_bytes,
				       struct assay_error *err)
{
	CLEANUP(mem_freep) pcre2_code **codes = calloc(PATTERNS_MAX, sizeof(*codes));
	enum assay_status st;
	size_t len;

	if (!codes)
		return assay_fail_memory(err, "patterns");
	st = patterns_compile(list, codes, &len, err);
	if (st < 0)
		return st;
	if (!patterns_pack(codes, len, ret_bytes))
		st = assay_fail_memory(err, "patterns");
	patterns_free(codes, len);
	return st;
}

static enum assay_status measure_all(const struct rule_list *list, struct rule_facts *facts,
				     struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < list->len && st == ASSAY_OK; i++)
		st = measure_rule(list->rules[i], &facts[i], err);
	return st;
}

static enum assay_status serialise(hs_database_t *db, struct image_bytes *ret_bytes,
				   struct assay_error *err)
{
	char *bytes;
	size_t len;

	if (hs_serialize_database(db, &bytes, &len) != HS_SUCCESS)
		return assay_fail_memory(err, "pattern database");
	ret_bytes->data = bytes;
	ret_bytes->len = len;
	return ASSAY_OK;
}

/** Any x86-64 CPU may load what is compiled for this one. */
static const hs_platform_info_t any_cpu = { .tune = HS_TUNE_FAMILY_GENERIC };

static enum assay_status database_of(const struct rule_list *list, const struct expressions *e,
				     struct image_bytes *ret_bytes, struct assay_error *err)
{
	hs_compile_error_t *wrong = NULL;
	hs_database_t *db = NULL;
	enum assay_status st;

	if (e->len == 0)
		return ASSAY_OK;
	if (compiler.hs_compile_multi(e->text, e->flags, e->ids, (unsigned)e->len, HS_MODE_BLOCK,
				      &any_cpu, &db, &wrong) != HS_SUCCESS) {
		if (wrong && wrong->expression >= 0 && (size_t)wrong->expression < e->len)
			st = rule_fail(err, list->rules[e->ids[wrong->expression]],
				       "the fast stage cannot take it (%s): give a simpler "
				       "`prefilter`",
				       wrong->message);
		else
			st = assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE, "rules: %s",
					wrong ? wrong->message : "no database");
		compiler.hs_free_compile_error(wrong);
		return st;
	}
	st = serialise(db, ret_bytes, err);
	hs_free_database(db);
	return st;
}

static enum assay_status prefilters_make(const struct rule_list *list,
					 const struct rule_facts *facts, enum shape shape,
					 struct image_bytes *ret_bytes, struct assay_error *err)
{
	CLEANUP(expressions_done) struct expressions e = { 0 };

	if (!expressions_init(&e, list->len + 1))
		return assay_fail_memory(err, "prefilters");
	for (size_t i = 0; i < list->len; i++)
		if (list->rules[i]->shape == shape && facts[i].digits < DIGIT_RUN_MIN)
			expressions_add(&e, prefilter_of(list->rules[i]), (unsigned)i,
					HS_FLAG_DOTALL);
	return database_of(list, &e, ret_bytes, err);
}

static enum assay_status words_add(struct words *words, const struct rule *rule, unsigned id,
				   const struct context_words *context, int step,
				   struct assay_error *err)
{
	if (context->within > RULE_WITHIN_MAX)
		return rule_fail(err, rule, "context words within %u bytes; %u is the most",
				 context->within, (unsigned)RULE_WITHIN_MAX);
	for (size_t i = 0; i < context->words_len; i++) {
		struct word_entry *e;

		if (!context->words[i][0])
			return rule_fail(err, rule, "has an empty context word");
		e = vec_push(&words->entries);
		if (!e)
			return rule_fail(err, rule, "too many context words (%zu at most)",
					 WORDS_MAX);
		*e = (struct word_entry){
			.word = context->words[i],
			.use = { .rule = (uint16_t)id,
				 .within = (uint16_t)context->within,
				 .step = (int8_t)step },
		};
	}
	return ASSAY_OK;
}

static enum assay_status words_collect(const struct rule_list *list, struct words *words,
				       struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < list->len; i++) {
		const struct rule *r = list->rules[i];

		for (size_t j = 0; j < r->raise_len && st == ASSAY_OK; j++)
			st = words_add(words, r, (unsigned)i, &r->raise[j], 1, err);
		for (size_t j = 0; j < r->lower_len && st == ASSAY_OK; j++)
			st = words_add(words, r, (unsigned)i, &r->lower[j], -1, err);
		if (st < 0)
			return st;
	}
	return st;
}

static int compare_words(const char *a, const char *b)
{
	while (*a && to_lower(*a) == to_lower(*b)) {
		a++;
		b++;
	}
	return (unsigned char)to_lower(*a) - (unsigned char)to_lower(*b);
}

static int by_word(const void *left, const void *right)
{
	const struct word_entry *a = left, *b = right;
	int order = compare_words(a->word, b->word);

	if (order)
		return order;
	if (a->use.rule != b->use.rule)
		return a->use.rule < b->use.rule ? -1 : 1;
	return b->use.step - a->use.step;
}

/** Sorted entries to text, uses and their ends. */
static enum assay_status words_lay_out(const struct words *words, struct ruleset_image *image,
				       struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(WORD_TEXT_MAX);
	size_t count = words->entries.len;
	struct word_use *uses = calloc(2 * count + 1, sizeof(*uses));

	if (!uses)
		return assay_fail_memory(err, "context words");
	image->uses = uses;
	for (size_t i = 0; i < count; i++) {
		const struct word_entry *e = &words->entries.items[i];
		bool is_last = i + 1 == count || compare_words(e->word, e[1].word) != 0;

		uses[image->uses_len++] = e->use;
		if (!is_last)
			continue;
		for (const char *c = e->word; *c; c++)
			buf_add_byte(&text, to_lower(*c));
		buf_add_byte(&text, '\0');
		image->words_len++;
		uses[image->uses_len++].rule = UINT16_MAX;
	}
	if (text.failed)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE,
				  "rules: too many context words");
	image->word_text = (struct image_bytes){ text.data, text.len };
	text.data = NULL;
	return ASSAY_OK;
}

static void words_done(struct words *words)
{
	vec_done(&words->entries);
}

static enum assay_status words_make(const struct rule_list *list, struct ruleset_image *image,
				    struct assay_error *err)
{
	CLEANUP(words_done) struct words words = { .entries = VEC_INIT(WORDS_MAX) };
	enum assay_status st = words_collect(list, &words, err);

	if (st < 0 || words.entries.len == 0)
		return st;
	qsort(words.entries.items, words.entries.len, sizeof(words.entries.items[0]), by_word);
	return words_lay_out(&words, image, err);
}

enum assay_status ruleset_image_make(const struct rule_list *list, struct ruleset_image *ret_image,
				     struct assay_error *err)
{
	CLEANUP(ruleset_image_done) struct ruleset_image image = { 0 };
	struct rule_facts *facts;
	enum assay_status st;

	if (list->len > RULES_MAX)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE,
				  "rules: %zu of them; %d is the most", list->len, RULES_MAX);
	facts = calloc(list->len + 1, sizeof(*facts));
	if (!facts)
		return assay_fail_memory(err, "rules");
	image.facts = facts;
	image.facts_len = list->len;
	st = library_need(&libhs, ASSAY_FATAL, ASSAY_ENGINE_UNAVAILABLE, err);
	if (st == ASSAY_OK)
		st = patterns_make(list, &image.patterns, err);
	if (st == ASSAY_OK)
		st = measure_all(list, facts, err);
	if (st == ASSAY_OK)
		st = prefilters_make(list, facts, SHAPE_LITERAL, &image.literals, err);
	if (st == ASSAY_OK)
		st = prefilters_make(list, facts, SHAPE_BESIDE, &image.besides, err);
	if (st == ASSAY_OK)
		st = prefilters_make(list, facts, SHAPE_OTHER, &image.others, err);
	if (st == ASSAY_OK)
		st = words_make(list, &image, err);
	if (st < 0)
		return st;
	*ret_image = image;
	image = (struct ruleset_image){ 0 };
	return ASSAY_OK;
}

void ruleset_image_done(struct ruleset_image *image)
{
	free((void *)image->facts);
	free((void *)image->patterns.data);
	free((void *)image->literals.data);
	free((void *)image->besides.data);
	free((void *)image->others.data);
	free((void *)image->word_text.data);
	free((void *)image->uses);
	*image = (struct ruleset_image){ 0 };
}

static void print_bytes(const struct image_bytes *bytes, const char *name, const char *what,
			FILE *out)
{
	const unsigned char *data = bytes->data;

	if (!data)
		return;
	fprintf(out, "static _Alignas(64) const unsigned char %s_%s[] = {", name, what);
	for (size_t i = 0; i < bytes->len; i++)
		fprintf(out, "%s%u,", i % 24 ? "" : "\n", data[i]);
	fputs("\n};\n", out);
}

static void print_bytes_field(const struct image_bytes *bytes, const char *name, const char *what,
			      FILE *out)
{
	if (bytes->data)
		fprintf(out, "\t.%s = { %s_%s, %zu },\n", what, name, what, bytes->len);
}

static void print_tables(const struct ruleset_image *image, const char *name, FILE *out)
{
	fprintf(out, "static const struct rule_facts %s_facts[] = {\n", name);
	for (size_t i = 0; i < image->facts_len; i++)
		fprintf(out, "\t{ %" PRIu32 ", %" PRIu32 ", %" PRIu32 " },\n",
			image->facts[i].reach, image->facts[i].back, image->facts[i].digits);
	fputs("\t{ 0 },\n};\n", out);
	fprintf(out, "static const struct word_use %s_uses[] = {\n", name);
	for (size_t i = 0; i < image->uses_len; i++)
		fprintf(out, "\t{ %u, %u, %d },\n", image->uses[i].rule, image->uses[i].within,
			image->uses[i].step);
	fputs("\t{ 0 },\n};\n", out);
}

bool ruleset_image_print(const struct ruleset_image *image, const char *name, FILE *out)
{
	const struct {
		const struct image_bytes *bytes;
		const char *what;
	} sections[] = {
		{ &image->patterns, "patterns" },   { &image->literals, "literals" },
		{ &image->besides, "besides" },     { &image->others, "others" },
		{ &image->word_text, "word_text" },
	};

	print_tables(image, name, out);
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		print_bytes(sections[i].bytes, name, sections[i].what, out);
	fprintf(out, "static const struct ruleset_image %s = {\n", name);
	fprintf(out, "\t.facts = %s_facts,\n\t.facts_len = %zu,\n", name, image->facts_len);
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		print_bytes_field(sections[i].bytes, name, sections[i].what, out);
	fprintf(out, "\t.words_len = %zu,\n\t.uses = %s_uses,\n\t.uses_len = %zu,\n};\n",
		image->words_len, name, image->uses_len);
	return !ferror(out);
}
