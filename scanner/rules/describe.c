/* describe.c - rules as text: the catalogue, one rule whole, ripgrep's patterns */
#include "describe.h"

#include "asrg.h"
#include "fail.h"
#include "rulenames.h"
#include "known.h"
#include "suggest.h"
#include "terms.h"
#include "write.h"
#include "yamldoc.h"

/* ---- one rule by its id ---- */

static const struct rule *find(const struct rule_list *list, const char *id)
{
	for (size_t i = 0; i < list->len; i++)
		if (strcmp(list->rules[i]->id, id) == 0)
			return list->rules[i];
	return NULL;
}

enum assay_status rules_need(const struct rule_list *list, const char *id,
			     const struct rule **ret_rule, struct assay_error *err)
{
	const struct rule *rule = find(list, id);
	struct suggestion s = SUGGESTION_INIT(id);
	char word[QUOTED_BYTES];

	if (rule) {
		*ret_rule = rule;
		return ASSAY_OK;
	}
	/* `nino` is enough to mean uk.nino. */
	for (size_t i = 0; i < list->len; i++) {
		const char *dot = strchr(list->rules[i]->id, '.');

		suggest(&s, list->rules[i]->id);
		if (dot && strcmp(dot + 1, id) == 0) {
			s.best = list->rules[i]->id;
			s.distance = 0;
		}
	}
	if (s.best)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
				  "unknown rule %s; did you mean '%s'?", quoted(id, word), s.best);
	return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
			  "unknown rule %s: `assay rules list` names them all", quoted(id, word));
}

/* ---- the catalogue ---- */

static size_t count_packs(const struct rule_list *list)
{
	size_t packs = 0;

	for (size_t i = 0; i < list->len; i++) {
		size_t j = 0;

		while (strcmp(list->rules[j]->pack, list->rules[i]->pack) != 0)
			j++;
		packs += j == i;
	}
	return packs;
}

static size_t id_width(const struct rule_list *list)
{
	size_t width = 0;

	for (size_t i = 0; i < list->len; i++)
		width = MAX(width, write_width(list->rules[i]->id));
	return width;
}

/** Has a rule before this one its pack and category? */
static bool is_listed(const struct rule_list *list, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(list->rules[i]->pack, list->rules[at]->pack) == 0 &&
		    strcmp(list->rules[i]->category, list->rules[at]->category) == 0)
			return true;
	return false;
}

static void list_like(const struct rule_list *list, const struct rule *first, size_t width,
		      FILE *out)
{
	size_t col = width + 12;

	for (size_t i = 0; i < list->len; i++) {
		const struct rule *r = list->rules[i];

		if (strcmp(r->pack, first->pack) != 0 || strcmp(r->category, first->category) != 0)
			continue;
		fputs("  ", out);
		write_padded(out, r->id, width + 2);
		write_padded(out, assay_confidence_name(r->confidence), 8);
		write_wrapped(out, r->name, col, col);
	}
}

void rules_list(const struct rule_list *list, FILE *out)
{
	size_t width = id_width(list), packs = count_packs(list);

	for (size_t i = 0; i < list->len; i++) {
		if (is_listed(list, i))
			continue;
		write_escaped(out, list->rules[i]->pack);
		fputs(": ", out);
		write_escaped(out, list->rules[i]->category);
		fputc('\n', out);
		list_like(list, list->rules[i], width, out);
		fputc('\n', out);
	}
	fprintf(out, "%zu rule%s in %zu pack%s, each with its confidence on its own\n", list->len,
		list->len == 1 ? "" : "s", packs, packs == 1 ? "" : "s");
}

/* ---- one rule whole ---- */

static void show(FILE *out, const char *key, const char *value)
{
	if (!value)
		return;
	write_padded(out, key, WRITE_LABEL);
	write_escaped(out, value);
	fputc('\n', out);
}

static void show_list(FILE *out, const char *key, const char *const *values, size_t len)
{
	if (!len)
		return;
	write_padded(out, key, WRITE_LABEL);
	write_list(out, values, len, WRITE_LABEL, WRITE_LABEL);
}

static void show_words(FILE *out, const char *key, const struct context_words *groups, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char within[48];

		snprintf(within, sizeof(within), "within %u bytes:", groups[i].within);
		show(out, i ? "" : key, within);
		write_padded(out, "", WRITE_LABEL);
		write_list(out, groups[i].words, groups[i].words_len, WRITE_LABEL, WRITE_LABEL);
	}
}

static void show_reveal(const struct rule *r, FILE *out)
{
	char text[32];

	snprintf(text, sizeof(text), r->reveal_len ? "%s:%u" : "%s", reveal_names(r->reveal),
		 r->reveal_len);
	show(out, "reveal", text);
}

/** How many, never which. */
static void show_terms(const struct rule *r, FILE *out)
{
	char text[64];

	if (!r->terms)
		return;
	snprintf(text, sizeof(text), "%zu, case %s", r->terms->len,
		 r->terms->fold ? "ignored" : "as written");
	show(out, "terms", text);
	show(out, "    file", r->terms->file);
}

static void show_known(const struct rule *r, FILE *out)
{
	char text[64];

	if (!r->known)
		return;
	snprintf(text, sizeof(text), "%zu, hashed", r->known->len);
	show(out, "known values", text);
	show(out, "    file", r->known->file);
}

static void show_examples(const struct rule *r, FILE *out)
{
	for (size_t i = 0; i < r->examples_len; i++) {
		const struct rule_example *e = &r->examples[i];

		show(out, i ? "" : "examples", e->text);
		show(out, "    under", e->field);
		show(out, "    finds", e->match);
		show(out, "    confidence", assay_confidence_name(e->confidence));
	}
	for (size_t i = 0; i < r->counter_examples_len; i++) {
		const struct rule_example *e = &r->counter_examples[i];

		show(out, i ? "" : "counter-examples", e->text);
		show(out, "    under", e->field);
		show(out, "    quiet", e->why);
	}
}

enum assay_status rules_show(const struct rule_list *list, const char *id, FILE *out,
			     struct assay_error *err)
{
	const struct rule *r;
	enum assay_status st = rules_need(list, id, &r, err);
	char place[32];

	if (st < 0)
		return st;
	show(out, "id", r->id);
	show(out, "name", r->name);
	show(out, "pack", r->pack);
	show(out, "file", r->file);
	snprintf(place, sizeof(place), "%u", r->line);
	show(out, "line", place);
	show(out, "version", r->version);
	show(out, "category", r->category);
	show(out, "severity", assay_severity_name(r->severity));
	show(out, "confidence", assay_confidence_name(r->confidence));
	show(out, "pattern", r->pattern);
	show_terms(r, out);
	show_known(r, out);
	show(out, "prefilter", r->prefilter);
	show(out, "cell", r->cell);
	show(out, "shape", shape_name(r->shape));
	show(out, "validator", r->validator ? r->validator->name : "none");
	show(out, "detector", r->detector);
	show_words(out, "raise", r->raise, r->raise_len);
	show_words(out, "lower", r->lower, r->lower_len);
	show_list(out, "fields", r->fields, r->fields_len);
	show(out, "normalise", normalise_name(r->normalise));
	show_reveal(r, out);
	show_list(out, "test values", r->test_values, r->test_values_len);
	write_padded(out, "help", WRITE_LABEL);
	write_wrapped(out, r->help, WRITE_LABEL, WRITE_LABEL);
	if (r->duty) {
		write_padded(out, "duty", WRITE_LABEL);
		write_wrapped(out, r->duty, WRITE_LABEL, WRITE_LABEL);
	}
	for (size_t i = 0; i < r->references_len; i++)
		show(out, i ? "" : "references", r->references[i]);
	show_examples(r, out);
	return ASSAY_OK;
}

/* ---- ripgrep ---- */

/** The pattern itself; the superset that leads it where ripgrep has no words for that. */
static bool rule_as_rg(const struct rule *r, struct buf *line)
{
	const char *const ways[] = { r->pattern, r->prefilter };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		buf_clear(line);
		if (ways[i] && pattern_as_rg(ways[i], line))
			return true;
	}
	return false;
}

size_t rules_as_rg(const struct rule_list *list, FILE *out)
{
	CLEANUP(buf_done) struct buf line = BUF_INIT(64 * KiB);
	size_t left_out = 0;

	for (size_t i = 0; i < list->len; i++) {
		const struct rule *r = list->rules[i];

		if (r->shape == SHAPE_BESIDE)
			continue; /* a grep seeks everywhere, or not at all */
		if (rule_as_rg(r, &line))
			fprintf(out, "%s\n", line.data);
		else
			left_out++;
	}
	return left_out;
}
