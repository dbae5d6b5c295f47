/* schema.c - a document to rules: which keys there are and what each may hold */
#include "bind.h"

#include "buf.h"
#include "fail.h"
#include "known.h"
#include "measure.h"
#include "ruleset.h"
#include "terms.h"

#define REVEAL_CHARS_MAX 4
#define ID_BYTES_MAX ((size_t)64) /* ids stand in every finding, frame and report */
#define LITERAL_BYTES_MIN 3       /* that the literal stage needs, as image.c checks */

/* ---- names ---- */

static enum assay_status bind_validator(struct binder *b, const struct key *key,
					const struct node *value, void *into)
{
	struct rule *rule = into;
	unsigned choice;
	enum assay_status st = bind_take_choice(b, key, value, &choice);

	if (st == ASSAY_OK)
		rule->validator = &validators[choice];
	return st;
}

static bool is_id_char(char c)
{
	return is_lower(c) || is_digit(c) || c == '-';
}

/** ^[a-z]+(\.[a-z0-9-]+)+$ */
static bool is_rule_id(const char *id)
{
	const char *p = id;
	size_t parts = 0;

	while (is_lower(*p))
		p++;
	if (p == id)
		return false;
	while (*p == '.') {
		const char *part = ++p;

		while (is_id_char(*p))
			p++;
		if (p == part)
			return false;
		parts++;
	}
	return !*p && parts > 0 && (size_t)(p - id) <= ID_BYTES_MAX;
}

static bool is_pack_name(const char *name)
{
	size_t len = 0;

	if (!is_lower(*name))
		return false;
	while (is_id_char(name[len]))
		len++;
	return !name[len] && len <= ID_BYTES_MAX;
}

static enum assay_status bind_id(struct binder *b, const struct key *key, const struct node *value,
				 void *into)
{
	enum assay_status st = bind_need(b, key, value, NODE_TEXT);
	const struct rule *other;
	char word[QUOTED_BYTES];

	if (st < 0)
		return st;
	if (!is_rule_id(value->text))
		return yamldoc_fail(b->err, b->file, value,
				    "id %s: two or more words with dots between, such as "
				    "local.staff-number, in lower case",
				    quoted(value->text, word));
	other = pack_set_find(b->set, value->text);
	if (other)
		return yamldoc_fail(b->err, b->file, value, "id %s is taken by the rule at %s:%u",
				    quoted(value->text, word), other->file, other->line);
	return bind_text(b, key, value, into);
}

static enum assay_status bind_pack_name(struct binder *b, const struct key *key,
					const struct node *value, void *into)
{
	enum assay_status st = bind_need(b, key, value, NODE_TEXT);
	char word[QUOTED_BYTES];

	if (st == ASSAY_OK && !is_pack_name(value->text))
		st = yamldoc_fail(b->err, b->file, value,
				  "pack %s: lower-case letters, digits and hyphens, a letter first",
				  quoted(value->text, word));
	return st == ASSAY_OK ? bind_text(b, key, value, into) : st;
}

/* ---- numbers ---- */

/** One to `max`, decimal digits alone.  @return  0 if it is not */
static uint32_t small_number(const char *text, uint32_t max)
{
	uint32_t n = 0;

	if (*text == '0')
		return 0;
	for (; is_digit(*text) && n <= max; text++)
		n = n * 10 + (uint32_t)(*text - '0');
	return !*text && n <= max ? n : 0;
}

static enum assay_status bind_within(struct binder *b, const struct key *key,
				     const struct node *value, void *into)
{
	struct context_words *words = into;
	enum assay_status st = bind_need(b, key, value, NODE_TEXT);
	char word[QUOTED_BYTES];

	if (st < 0)
		return st;
	words->within = small_number(value->text, RULE_WITHIN_MAX);
	if (!words->within)
		return yamldoc_fail(b->err, b->file, value, "within %s: bytes from 1 to %d",
				    quoted(value->text, word), RULE_WITHIN_MAX);
	return ASSAY_OK;
}

static enum assay_status bind_version(struct binder *b, const struct key *key,
				      const struct node *value, void *into)
{
	enum assay_status st = bind_need(b, key, value, NODE_TEXT);
	char word[QUOTED_BYTES];

	(void)into;
	if (st == ASSAY_OK && strcmp(value->text, "1") != 0)
		st = yamldoc_fail(b->err, b->file, value,
				  "version %s of pattern packs is not known here: this assay "
				  "reads version 1",
				  quoted(value->text, word));
	return st;
}

/** none, domain, first:N or last:N */
static enum assay_status bind_reveal(struct binder *b, const struct key *key,
				     const struct node *value, void *into)
{
	struct rule *rule = into;
	enum assay_status st = bind_need(b, key, value, NODE_TEXT);
	char word[QUOTED_BYTES];

	if (st < 0)
		return st;
	for (unsigned i = 0; reveal_names(i); i++) {
		size_t len = strlen(reveal_names(i));
		bool counts = i == REVEAL_FIRST || i == REVEAL_LAST;
		uint32_t n = 0;

		if (strncmp(value->text, reveal_names(i), len) != 0)
			continue;
		if (counts && value->text[len] == ':')
			n = small_number(value->text + len + 1, REVEAL_CHARS_MAX);
		if (counts ? !n : value->text[len])
			continue;
		rule->reveal = (enum reveal)i;
		rule->reveal_len = n;
		return ASSAY_OK;
	}
	return yamldoc_fail(b->err, b->file, value,
			    "reveal %s: it is none, domain, first:N or last:N with N from 1 to %d",
			    quoted(value->text, word), REVEAL_CHARS_MAX);
}

/* ---- context ---- */

static const struct key words_keys[] = {
	{ "words", bind_lines, true, offsetof(struct context_words, words),
	  offsetof(struct context_words, words_len) },
	{ "within", bind_within, true },
};

static const struct schema words_schema = SCHEMA("an entry of raise or lower", words_keys);

static enum assay_status bind_words(struct binder *b, const struct key *key,
				    const struct node *value, void *into)
{
	enum assay_status st;
	struct context_words *groups;
	void *items;
	size_t n = 0;

	st = bind_take_list(b, key, value, sizeof(*groups), &items);
	if (st < 0)
		return st;
	groups = items;
	for (const struct node *item = value->first; item; item = item->next) {
		st = bind_map(b, &words_schema, item, &groups[n++]);
		if (st < 0)
			return st;
	}
	bind_put_list(key, into, groups, n);
	return ASSAY_OK;
}

/** Headings are compared in lower case. */
static enum assay_status bind_fields(struct binder *b, const struct key *key,
				     const struct node *value, void *into)
{
	struct rule *rule = into;
	enum assay_status st;

	if (rule->fields_len)
		return yamldoc_fail(b->err, b->file, value,
				    "'fields' stands in the rule and in its context: keep one");
	st = bind_lines(b, key, value, into);
	for (size_t i = 0; st == ASSAY_OK && i < rule->fields_len; i++)
		for (char *c = (char *)rule->fields[i]; *c; c++)
			*c = to_lower(*c);
	return st;
}

#define FIELDS_KEY \
	{ \
		"fields", bind_fields, false, offsetof(struct rule, fields), \
		    offsetof(struct rule, fields_len) \
	}

static const struct key context_keys[] = {
	{ "raise", bind_words, false, offsetof(struct rule, raise),
	  offsetof(struct rule, raise_len) },
	{ "lower", bind_words, false, offsetof(struct rule, lower),
	  offsetof(struct rule, lower_len) },
	FIELDS_KEY,
};

static const struct schema context_schema = SCHEMA("context", context_keys);

static enum assay_status bind_context(struct binder *b, const struct key *key,
				      const struct node *value, void *into)
{
	enum assay_status st = bind_need(b, key, value, NODE_MAP);

	return st == ASSAY_OK ? bind_map(b, &context_schema, value, into) : st;
}

/* ---- files beside the pack ---- */

/** The path of a file in the pack's directory.  @return  false without memory */
static bool path_beside(const struct binder *b, const char *name, struct buf *ret_path)
{
	const char *slash = strrchr(b->file, '/');

	if (slash)
		buf_add(ret_path, b->file, (size_t)(slash + 1 - b->file));
	return buf_add_str(ret_path, name) && !ret_path->failed;
}

/** A bare name: a pack reaches no further than its own directory. */
static enum assay_status bind_file(struct binder *b, const struct key *key,
				   const struct node *value, void *into)
{
	const char *name;
	char word[QUOTED_BYTES];
	enum assay_status st = bind_take_line(b, key, value, &name);

	if (st < 0)
		return st;
	if (strchr(name, '/') || name[0] == '.')
		return yamldoc_fail(b->err, b->file, value,
				    "%s %s: the name of a file in the pack's own directory",
				    key->name, quoted(name, word));
	bind_put_text(into, key->at, name);
	return ASSAY_OK;
}

struct terms_spec {
	const char *file;
	unsigned letter_case; /**< of case_names */
};

static const struct key terms_keys[] = {
	{ "file", bind_file, true, offsetof(struct terms_spec, file) },
	{ "case", bind_choice, false, offsetof(struct terms_spec, letter_case),
	  .choices = case_names },
};

static const struct schema terms_schema = SCHEMA("terms", terms_keys);

/** A file that cannot be read is an error of the line that names it. */
static enum assay_status read_failed(struct binder *b, const struct key *key,
				     const struct node *value, enum assay_status st)
{
	char why[sizeof(b->err->detail)];

	if (st == ASSAY_OK || b->err->reason == ASSAY_BAD_RULE || b->err->reason == ASSAY_NO_MEMORY)
		return st;
	memcpy(why, b->err->detail, sizeof(why));
	return yamldoc_fail(b->err, b->file, value, "'%s': %s", key->name, why);
}

static enum assay_status bind_terms(struct binder *b, const struct key *key,
				    const struct node *value, void *into)
{
	CLEANUP(buf_done) struct buf path = BUF_INIT(64 * KiB);
	struct terms_spec spec = { 0 };
	struct rule *rule = into;
	enum assay_status st = bind_need(b, key, value, NODE_MAP);

	if (st == ASSAY_OK)
		st = bind_map(b, &terms_schema, value, &spec);
	if (st < 0)
		return st;
	if (!path_beside(b, spec.file, &path))
		return bind_no_memory(b);
	st = terms_read(&b->set->arena, spec.file, path.data, spec.letter_case == 0, &rule->terms,
			b->err);
	return read_failed(b, key, value, st);
}

static enum assay_status bind_known(struct binder *b, const struct key *key,
				    const struct node *value, void *into)
{
	CLEANUP(buf_done) struct buf path = BUF_INIT(64 * KiB);
	struct terms_spec spec = { 0 };
	struct rule *rule = into;
	enum assay_status st;

	st = bind_file(b, &(struct key){ key->name, .at = offsetof(struct terms_spec, file) },
		       value, &spec);
	if (st < 0)
		return st;
	if (!path_beside(b, spec.file, &path))
		return bind_no_memory(b);
	st = known_read(&b->set->arena, spec.file, path.data, &rule->known, b->err);
	return read_failed(b, key, value, st);
}

/* ---- examples ---- */

static const struct key example_keys[] = {
	{ "text", bind_text, true, offsetof(struct rule_example, text) },
	{ "match", bind_text, true, offsetof(struct rule_example, match) },
	{ "confidence", bind_choice, true, offsetof(struct rule_example, confidence),
	  .choices = confidence_names },
	{ "field", bind_line, false, offsetof(struct rule_example, field) },
};

static const struct key counter_keys[] = {
	{ "text", bind_text, true, offsetof(struct rule_example, text) },
	{ "why", bind_line, true, offsetof(struct rule_example, why) },
	{ "field", bind_line, false, offsetof(struct rule_example, field) },
};

static const struct schema example_schema = SCHEMA("an example", example_keys);
static const struct schema counter_schema = SCHEMA("a counter-example", counter_keys);

static enum assay_status bind_samples(struct binder *b, const struct key *key,
				      const struct node *value, void *into,
				      const struct schema *schema)
{
	enum assay_status st;
	struct rule_example *samples;
	void *items;
	size_t n = 0;

	st = bind_take_list(b, key, value, sizeof(*samples), &items);
	if (st < 0)
		return st;
	samples = items;
	for (const struct node *item = value->first; item; item = item->next) {
		samples[n].line = item->line;
		samples[n].col = item->col;
		st = bind_map(b, schema, item, &samples[n++]);
		if (st < 0)
			return st;
	}
	bind_put_list(key, into, samples, n);
	return ASSAY_OK;
}

static enum assay_status bind_examples(struct binder *b, const struct key *key,
				       const struct node *value, void *into)
{
	return bind_samples(b, key, value, into, &example_schema);
}

static enum assay_status bind_counter_examples(struct binder *b, const struct key *key,
					       const struct node *value, void *into)
{
	return bind_samples(b, key, value, into, &counter_schema);
}

/* ---- a rule ---- */

static const struct key rule_keys[] = {
	{ "id", bind_id, true, offsetof(struct rule, id) },
	{ "name", bind_line, true, offsetof(struct rule, name) },
	{ "category", bind_word, true, offsetof(struct rule, category), .choices = category_names },
	{ "severity", bind_choice, true, offsetof(struct rule, severity),
	  .choices = severity_names },
	{ "pattern", bind_pattern, false, offsetof(struct rule, pattern) },
	{ "terms", bind_terms, false },
	{ "known_values", bind_known, false },
	{ "confidence", bind_choice, true, offsetof(struct rule, confidence),
	  .choices = confidence_names },
	{ "help", bind_line, true, offsetof(struct rule, help) },
	{ "duty", bind_line, false, offsetof(struct rule, duty) },
	{ "examples", bind_examples, true, offsetof(struct rule, examples),
	  offsetof(struct rule, examples_len) },
	{ "counter_examples", bind_counter_examples, true, offsetof(struct rule, counter_examples),
	  offsetof(struct rule, counter_examples_len) },
	{ "prefilter", bind_pattern, false, offsetof(struct rule, prefilter) },
	{ "cell", bind_pattern, false, offsetof(struct rule, cell) },
	{ "shape", bind_choice, false, offsetof(struct rule, shape), .choices = shape_names },
	{ "validator", bind_validator, false, .choices = validator_names },
	{ "detector", bind_word, false, offsetof(struct rule, detector),
	  .choices = detector_names },
	{ "context", bind_context, false },
	FIELDS_KEY,
	{ "normalise", bind_choice, false, offsetof(struct rule, normalise),
	  .choices = normalise_names },
	{ "reveal", bind_reveal, false },
	{ "test_values", bind_lines, false, offsetof(struct rule, test_values),
	  offsetof(struct rule, test_values_len) },
	{ "references", bind_lines, false, offsetof(struct rule, references),
	  offsetof(struct rule, references_len) },
};

static const struct schema rule_schema = SCHEMA("a rule", rule_keys);

_Static_assert(ARRAY_SIZE(rule_keys) <= 32, "bind_map has a bit for each key");

/** Values are compared as they are hashed. */
static enum assay_status normalise_test_values(struct binder *b, const struct node *node,
					       struct rule *rule)
{
	for (size_t i = 0; i < rule->test_values_len; i++) {
		char *value = (char *)rule->test_values[i];
		char word[QUOTED_BYTES];
		size_t len = strlen(value);

		quoted(value, word);
		len = rule_normalise(rule->normalise, value, len, value, len);
		value[len] = '\0';
		if (!len)
			return yamldoc_fail(b->err, b->file, node,
					    "nothing is left of test value %s after `normalise: "
					    "%s`",
					    word, normalise_name(rule->normalise));
	}
	return ASSAY_OK;
}

/** A site's author need not know of stages; a pattern that is wrong fails when compiled. */
static enum shape derive_shape(const struct binder *b, const struct rule *rule)
{
	struct measure m;

	if (b->set->wants_shapes ||
	    measure_pattern(rule->prefilter ? rule->prefilter : rule->pattern, &m) ||
	    m.literal >= LITERAL_BYTES_MIN)
		return SHAPE_LITERAL;
	return SHAPE_OTHER;
}

/** Keys that go with a pattern alone. */
static const char *beside_terms(const struct rule *rule)
{
	return rule->pattern           ? "pattern"
	       : rule->prefilter       ? "prefilter"
	       : rule->cell            ? "cell"
	       : rule->shape != SHAPES ? "shape"
	       : rule->detector        ? "detector"
				       : NULL;
}

/** How it is found: by a pattern, or by terms. */
static enum assay_status check_lead(struct binder *b, const struct node *node, struct rule *rule)
{
	const char *other = beside_terms(rule);

	if (!rule->terms && !rule->pattern)
		return yamldoc_fail(b->err, b->file, node, "a rule needs 'pattern', or 'terms'");
	if (!rule->terms && rule->shape == SHAPE_TERMS)
		return yamldoc_fail(b->err, b->file, node, "'shape: terms' needs 'terms'");
	if (rule->known && rule->known->normalise != rule->normalise)
		return yamldoc_fail(b->err, b->file, node,
				    "its known values were listed with `normalise: %s`, and the "
				    "rule says %s",
				    normalise_name(rule->known->normalise),
				    normalise_name(rule->normalise));
	if (rule->known && rule->detector)
		return yamldoc_fail(b->err, b->file, node,
				    "'known_values' and 'detector' do not go together");
	if (!rule->terms)
		return ASSAY_OK;
	if (other)
		return yamldoc_fail(b->err, b->file, node,
				    "'terms' and '%s' do not go together: make two rules", other);
	rule->shape = SHAPE_TERMS;
	return ASSAY_OK;
}

static enum assay_status seal_rule(struct binder *b, const struct node *node, struct rule *rule)
{
	char *version = arena_take(&b->set->arena, RULE_VERSION_BYTES);
	enum assay_status st;

	if (rule->cell && !rule->fields_len)
		return yamldoc_fail(b->err, b->file, node,
				    "'cell' needs 'fields': the headings it stands under");
	st = check_lead(b, node, rule);
	if (st == ASSAY_OK)
		st = normalise_test_values(b, node, rule);
	if (st < 0)
		return st;
	if (rule->shape == SHAPES)
		rule->shape = derive_shape(b, rule);
	if (!version)
		return bind_no_memory(b);
	rule_version(rule, version);
	rule->version = version;
	return pack_set_push(b->set, rule, b->err);
}

static enum assay_status bind_rule(struct binder *b, const char *pack, const struct node *node)
{
	struct rule *rule = arena_take(&b->set->arena, sizeof(*rule));
	enum assay_status st;

	if (!rule)
		return bind_no_memory(b);
	rule->pack = pack;
	rule->file = b->file;
	rule->line = node->line;
	rule->validator = validator_find("none");
	rule->shape = SHAPES; /* none named yet */
	st = bind_map(b, &rule_schema, node, rule);
	return st == ASSAY_OK ? seal_rule(b, node, rule) : st;
}

/* ---- labels ---- */

static const struct key label_keys[] = {
	{ "id", bind_line, true, offsetof(struct assay_label_name, id) },
	{ "marking", bind_line, true, offsetof(struct assay_label_name, marking) },
};

static const struct schema label_schema = SCHEMA("a label", label_keys);

static enum assay_status bind_label(struct binder *b, const struct node *node)
{
	struct assay_label_name label = { NULL, NULL }, *slot;
	enum assay_status st = bind_map(b, &label_schema, node, &label);
	char word[QUOTED_BYTES];

	if (st < 0)
		return st;
	for (size_t i = 0; i < b->set->labels.len; i++)
		if (strcasecmp(b->set->labels.items[i].id, label.id) == 0)
			return yamldoc_fail(b->err, b->file, node, "label %s is there already",
					    quoted(label.id, word));
	if (b->set->labels.len == LABELS_OF_SITE_MAX)
		return yamldoc_fail(b->err, b->file, node, "more than %zu labels",
				    LABELS_OF_SITE_MAX);
	slot = vec_push(&b->set->labels);
	if (!slot)
		return bind_no_memory(b);
	*slot = label;
	return ASSAY_OK;
}

/* ---- a pack ---- */

struct pack {
	const char *name;
	const struct node *rules;
	bool has_labels;
};

/** Rules wait until the pack's name is known, in whatever order the keys stand. */
static enum assay_status bind_rules(struct binder *b, const struct key *key,
				    const struct node *value, void *into)
{
	struct pack *pack = into;

	pack->rules = value;
	return bind_need(b, key, value, NODE_LIST);
}

static enum assay_status bind_pack_labels(struct binder *b, const struct key *key,
					  const struct node *value, void *into)
{
	struct pack *pack = into;
	enum assay_status st = bind_need(b, key, value, NODE_LIST);

	pack->has_labels = true;
	for (const struct node *item = value->first; st == ASSAY_OK && item; item = item->next)
		st = bind_label(b, item);
	return st;
}

static const struct key pack_keys[] = {
	{ "version", bind_version, true },
	{ "pack", bind_pack_name, true, offsetof(struct pack, name) },
	{ "rules", bind_rules, false },
	{ "labels", bind_pack_labels, false },
};

static const struct schema pack_schema = SCHEMA("a pack", pack_keys);

enum assay_status pack_bind(struct pack_set *set, const char *file, const struct node *root,
			    struct assay_error *err)
{
	struct binder b = { .set = set, .file = file, .err = err };
	struct pack pack = { 0 };
	enum assay_status st = bind_map(&b, &pack_schema, root, &pack);

	if (st < 0)
		return st;
	if (!pack.rules && !pack.has_labels)
		return yamldoc_fail(err, file, root, "a pack needs 'rules'");
	for (const struct node *item = pack.rules ? pack.rules->first : NULL;
	     item && st == ASSAY_OK; item = item->next)
		st = bind_rule(&b, pack.name, item);
	return st;
}
