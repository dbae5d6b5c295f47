/* cmd_rules.c - assay rules and assay explain */
#include "commands.h"
#include "describe.h"
#include "engine.h"
#include "fail.h"
#include "report.h"
#include "ruleset.h"

/** An occurrence's value is cut here. */
#define VALUE_SHOWN 256

/* Running examples. */

/** What one example came to, for the rule it belongs to. */
struct trial {
	const struct rule_example *example;
	unsigned rule;
	bool right; /**< the evidence asked for, at the confidence asked for */
	bool found; /**< the evidence, at whatever confidence */
	enum assay_confidence confidence; /**< of it, or the highest of all */
	bool any;                         /**< something was found */
	char other[80];                   /**< something else that was */
};

static int on_object(void *ctx, const struct assay_object *object)
{
	struct trial *t = ctx;

	for (size_t i = 0; i < object->findings_len; i++) {
		const struct assay_finding *f = &object->findings[i];

		if (f->rule != t->rule)
			continue;
		for (size_t k = 0; k < f->occurrences_len; k++) {
			const struct assay_occurrence *o = &f->occurrences[k];
			bool same = o->value && t->example->match &&
				    strncmp(o->value, t->example->match, VALUE_SHOWN) == 0;

			if (!t->any || o->confidence > t->confidence || same)
				t->confidence = t->found && !same ? t->confidence : o->confidence;
			t->any = true;
			if (same)
				t->found = true;
			else if (o->value)
				snprintf(t->other, sizeof(t->other), "%s", o->value);
		}
	}
	t->right = t->found && t->confidence == t->example->confidence;
	return 0;
}

struct tester {
	assay_ruleset *set;
	assay_scanner *scanner;
	assay_scanner *reference; /**< PCRE2 alone: must find the same */
	bool verbose;             /**< `test`: a line for every example */
	size_t examples, wrong;
};

static void print_example(const struct rule *rule, const struct rule_example *e,
			  const char *verdict)
{
	printf("%s:%u: %s: %s: ", rule->file ? rule->file : rule->pack, e->line, rule->id, verdict);
	report_escape(stdout, e->text, strlen(e->text));
}

static enum assay_status try_example(struct tester *t, unsigned rule, const struct rule_example *e,
				     struct trial *ret, struct assay_error *err)
{
	struct assay_sink sink = { .size = sizeof(sink), .ctx = ret, .object = on_object };

	*ret = (struct trial){ .example = e, .rule = rule };
	return engine_try(t->scanner, e->text, strlen(e->text), e->field, &sink, err);
}

/** Does the reference engine see the example as the stages do? */
static enum assay_status compare_engines(struct tester *t, const struct trial *staged,
					 struct assay_error *err)
{
	const struct rule_example *e = staged->example;
	const struct rule *rule = t->set->rules[staged->rule].rule;
	struct trial r = { .example = e, .rule = staged->rule };
	struct assay_sink sink = { .size = sizeof(sink), .ctx = &r, .object = on_object };
	enum assay_status st =
	    engine_try(t->reference, e->text, strlen(e->text), e->field, &sink, err);

	if (st < 0 || (r.any == staged->any && r.found == staged->found &&
		       r.confidence == staged->confidence && strcmp(r.other, staged->other) == 0))
		return st;
	t->wrong++;
	print_example(rule, e, "WRONG");
	puts("\n    the prefilter or shape misses what the pattern finds");
	return ASSAY_OK;
}

static void tell_example(struct tester *t, const struct rule *rule, const struct trial *r)
{
	const struct rule_example *e = r->example;

	t->wrong += !r->right;
	if (r->right && !t->verbose)
		return;
	print_example(rule, e, r->right ? "right" : "WRONG");
	if (r->right)
		printf("  (%s, %s)\n", e->match, assay_confidence_name(r->confidence));
	else if (r->found)
		printf("\n    found with confidence %s, not %s\n",
		       assay_confidence_name(r->confidence), assay_confidence_name(e->confidence));
	else
		printf("\n    `%s' was not found%s%s\n", e->match, r->any ? ", but " : "",
		       r->any ? r->other : "");
}

static void tell_counter(struct tester *t, const struct rule *rule, const struct trial *r)
{
	bool quiet = !r->any || r->confidence < ASSAY_MEDIUM;

	t->wrong += !quiet;
	if (quiet && !t->verbose)
		return;
	print_example(rule, r->example, quiet ? "quiet" : "WRONG");
	printf(quiet ? "  (%s)\n" : "\n    is reported, although: %s\n", r->example->why);
}

static enum assay_status test_rule(struct tester *t, unsigned number, struct assay_error *err)
{
	const struct rule *rule = t->set->rules[number].rule;
	struct trial r;
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < rule->examples_len && st == ASSAY_OK; i++) {
		st = try_example(t, number, &rule->examples[i], &r, err);
		tell_example(t, rule, &r);
		if (st == ASSAY_OK)
			st = compare_engines(t, &r, err);
	}
	for (size_t i = 0; i < rule->counter_examples_len && st == ASSAY_OK; i++) {
		st = try_example(t, number, &rule->counter_examples[i], &r, err);
		tell_counter(t, rule, &r);
		if (st == ASSAY_OK)
			st = compare_engines(t, &r, err);
	}
	t->examples += rule->examples_len + rule->counter_examples_len;
	return st;
}

static int test_rules(assay_ruleset *set, bool verbose)
{
	struct assay_scan_options options = {
		.limits = ASSAY_LIMITS_DEFAULT,
		.min_confidence = ASSAY_LOW,
		.show_values = true,
	};
	struct tester t = { .set = set, .verbose = verbose };
	struct assay_error err;
	enum assay_status st = engine_new(set, &options, MATCH_ISA_AUTO, &t.scanner, &err);

	options.engine = ASSAY_ENGINE_REFERENCE;
	if (st == ASSAY_OK)
		st = engine_new(set, &options, MATCH_ISA_AUTO, &t.reference, &err);
	for (unsigned i = 0; i < set->list->len && st == ASSAY_OK; i++)
		st = test_rule(&t, i, &err);
	assay_scanner_free(t.scanner);
	assay_scanner_free(t.reference);
	if (st < 0)
		return complain(&err);
	printf("%zu rule%s, %zu examples: ", set->list->len, set->list->len == 1 ? "" : "s",
	       t.examples);
	if (t.wrong)
		printf("%zu wrong\n", t.wrong);
	else
		puts("all right");
	return t.wrong ? 1 : 0;
}

/* The commands. */

static int rules_check(const struct args *a, bool verbose)
{
	assay_ruleset *set = NULL;
	struct assay_error err;
	enum assay_status st;
	int status;

	if (a->operands_len > 1)
		st = load_rule_files(a, a->operands + 1, a->operands_len - 1, &set, &err);
	else
		st = load_rules(a, &set, &err);
	if (st < 0)
		return complain(&err);
	status = test_rules(set, verbose);
	assay_ruleset_free(set);
	return status;
}

static int list_rules(const struct args *a, const struct rule_list *list)
{
	unsigned as = 0;
	size_t left_out;

	args_choice(a, OPT_AS, &as);
	if (as == 0) {
		rules_list(list, stdout);
		return EXIT_SUCCESS;
	}
	left_out = rules_as_rg(list, stdout);
	if (left_out)
		complain_text("%zu rules cannot be said in ripgrep's syntax and were left out",
			      left_out);
	return EXIT_SUCCESS;
}

static int show_rules(const struct args *a, const struct rule_list *list,
		      enum assay_status (*show)(const struct rule_list *list, const char *id,
						FILE *out, struct assay_error *err),
		      size_t first)
{
	struct assay_error err;

	if (a->operands_len == first)
		return complain_text("which rule? see `assay rules list'");
	for (size_t i = first; i < a->operands_len; i++) {
		if (i > first)
			putchar('\n');
		if (show(list, a->operands[i], stdout, &err) < 0)
			return complain(&err);
	}
	return EXIT_SUCCESS;
}

int cmd_rules(const struct args *a)
{
	const char *what = a->operands_len ? a->operands[0] : "list";
	assay_ruleset *set = NULL;
	struct assay_error err;
	int status;

	if (strcmp(what, "check") == 0 || strcmp(what, "test") == 0)
		return rules_check(a, what[0] == 't');
	if (strcmp(what, "make-list") == 0)
		return rules_make_list(a);
	if (strcmp(what, "list") != 0 && strcmp(what, "show") != 0)
		return complain_text(
		    "no command `rules %s'; there are list, show, check, test and make-list", what);
	if (load_rules(a, &set, &err) < 0)
		return complain(&err);
	status =
	    what[0] == 'l' ? list_rules(a, set->list) : show_rules(a, set->list, rules_show, 1);
	assay_ruleset_free(set);
	return status;
}

int cmd_explain(const struct args *a)
{
	assay_ruleset *set = NULL;
	struct assay_error err;
	int status;

	if (load_rules(a, &set, &err) < 0)
		return complain(&err);
	status = show_rules(a, set->list, rules_explain, 0);
	assay_ruleset_free(set);
	return status;
}
