/* examples.c - running the examples of rules, and saying what came of them */
#include "commands.h"
#include "engine.h"
#include "fail.h"
#include "fold.h"
#include "known.h"
#include "report.h"
#include "ruleset.h"
#include "vec.h"

/** An occurrence's value is cut here. */
#define VALUE_SHOWN 256

/** A candidate and how it fared; its evidence is here, `as` points nowhere. */
struct judged {
	struct engine_judged as;
	struct evidence evidence;
};

#define JUDGED_MAX 1000
#define TEXT_MAX MiB

/** What one example came to, for the rule it belongs to. */
struct trial {
	const struct rule_example *example;
	unsigned rule;
	bool right; /**< the evidence asked for, at the confidence asked for */
	bool found; /**< the evidence, at whatever confidence */
	enum assay_confidence confidence; /**< of it, or the highest of all */
	bool any;                         /**< something was found */
	char other[80];                   /**< something else that was */
	struct buf text;                  /**< as the pattern sees it */
	struct vec(struct judged) judged; /**< all candidates, of other rules as well */
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
	printf("%s:%u:%u: %s: %s: ", rule->file ? rule->file : rule->pack, e->line, e->col,
	       rule->id, verdict);
	report_escape(stdout, e->text, strlen(e->text));
}

static void on_judged(void *ctx, const struct engine_judged *as)
{
	struct trial *t = ctx;
	struct judged *j = vec_push(&t->judged);

	if (!j)
		return; /* more than anybody would read */
	*j = (struct judged){ *as, *as->evidence };
	j->as.evidence = NULL;
}

static void no_shift(void *ctx, size_t folded_at, size_t source_at)
{
	(void)ctx;
	(void)folded_at;
	(void)source_at;
}

static void trial_done(struct trial *t)
{
	vec_done(&t->judged);
	buf_done(&t->text);
}

static enum assay_status try_example(struct tester *t, struct trial *trial, struct assay_error *err)
{
	struct assay_sink sink = { .size = sizeof(sink), .ctx = trial, .object = on_object };
	const struct rule_example *e = trial->example;
	enum assay_status st;

	if (!buf_add_str(&trial->text, e->text))
		return assay_fail_memory(err, "an example");
	trial->text.len = fold(trial->text.data, trial->text.len, no_shift, NULL);
	engine_watch(t->scanner, on_judged, trial);
	st = engine_try(t->scanner, e->text, strlen(e->text), e->field, &sink, err);
	engine_watch(t->scanner, NULL, NULL);
	return st;
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

/* Why: what the pattern met, what the validator said, how the confidence adds up. */

static void put_part(const struct trial *t, uint64_t begin, uint64_t end)
{
	end = MIN(end, t->text.len);
	fputs("    `", stdout);
	if (begin < end)
		report_escape(stdout, t->text.data + begin, (size_t)(end - begin));
	fputc('\'', stdout);
}

/** "medium, word near +1: high" */
static void put_sum(const struct rule *rule, const struct judged *c)
{
	bool has_step = false;

	printf("%s", assay_confidence_name(rule->confidence));
	for (const struct score_step *s = score_steps; s->name; s++)
		if (*(const bool *)((const char *)&c->evidence + s->offset)) {
			printf(", %s %+d", s->name, s->step);
			has_step = true;
		}
	if (has_step)
		printf(": %s", assay_confidence_name(c->as.confidence));
	else
		fputs(" on its own", stdout);
}

static void put_candidate(const struct trial *t, const struct rule *rule, const struct judged *c)
{
	put_part(t, c->as.begin, c->as.end);
	printf(", bytes %llu to %llu", (unsigned long long)c->as.begin + 1,
	       (unsigned long long)c->as.end);
	if (c->as.verdict == VERDICT_KNOWN)
		fputs(", on the list of known values", stdout);
	else if (rule->validator && strcmp(rule->validator->name, "none") != 0)
		printf(", %s %s", c->as.verdict == VERDICT_CONFIRM ? "confirmed by" : "allowed by",
		       rule->validator->name);
	fputs("; ", stdout);
	if (c->as.is_overlapped)
		fputs("a better one stands there", stdout);
	else
		put_sum(rule, c);
	putchar('\n');
}

/** Found as a cell and in the text as well: the same place counts once. */
static bool is_twin(const struct trial *t, const struct judged *c)
{
	for (size_t i = 0; i < t->judged.len; i++) {
		const struct judged *o = &t->judged.items[i];

		if (c->as.is_overlapped && !o->as.is_overlapped && o->as.rule == c->as.rule &&
		    o->as.begin == c->as.begin && o->as.end == c->as.end)
			return true;
	}
	return false;
}

/** What overlaps a candidate of this rule, if it is of another. */
static void put_winners(const struct trial *t, const struct tester *tester)
{
	for (size_t i = 0; i < t->judged.len; i++) {
		const struct judged *c = &t->judged.items[i];

		if (c->as.rule == t->rule || c->as.is_overlapped)
			continue;
		put_part(t, c->as.begin, c->as.end);
		printf(" is taken by %s\n", tester->set->rules[c->as.rule].rule->id);
	}
}

/** The first match of a rule that has no candidate: what was held against it? */
static void put_rejected(const struct trial *t, const struct compiled_rule *r,
			 const PCRE2_SIZE *found)
{
	bool has_group = r->has_group && found[2] != PCRE2_UNSET;
	PCRE2_SIZE begin = found[has_group ? 2 : 0], end = found[has_group ? 3 : 1];
	const struct validator *v = r->rule->validator;

	put_part(t, begin, end);
	if (v && v->run && v->run(t->text.data + begin, end - begin) == VERDICT_REJECT)
		printf(" matches, but the validator %s rejects it\n", v->name);
	else if (r->rule->known)
		puts(" matches, but is not on the list of known values");
	else
		puts(" matches");
}

static void put_no_candidate(const struct trial *t, const struct compiled_rule *r)
{
	pcre2_match_data *data;

	if (r->rule->detector || !r->code) {
		puts(r->code ? "    the detector sees none in it" : "    no term stands in it");
		return;
	}
	data = pcre2_match_data_create(2, NULL);
	if (data &&
	    pcre2_match(r->code, (PCRE2_SPTR)t->text.data, t->text.len, 0, 0, data, NULL) > 0)
		put_rejected(t, r, pcre2_get_ovector_pointer(data));
	else
		printf("    the pattern matches nowhere in it%s\n",
		       r->cell && t->example->field ? ", nor `cell' the whole of it" : "");
	pcre2_match_data_free(data);
}

static void tell_why(const struct tester *tester, const struct trial *t)
{
	const struct compiled_rule *r = &tester->set->rules[t->rule];
	size_t own = 0;
	bool is_overlapped = false;

	if (t->example->field) {
		fputs("    under `", stdout);
		report_escape(stdout, t->example->field, strlen(t->example->field));
		puts("'");
	}
	for (size_t i = 0; i < t->judged.len; i++) {
		const struct judged *c = &t->judged.items[i];

		if (c->as.rule != t->rule || is_twin(t, c))
			continue;
		put_candidate(t, r->rule, c);
		is_overlapped |= c->as.is_overlapped;
		own++;
	}
	if (is_overlapped)
		put_winners(t, tester);
	if (own == 0 && r->rule->detector && t->any)
		printf("    the detector says: %s\n", assay_confidence_name(t->confidence));
	else if (own == 0)
		put_no_candidate(t, r);
}

static void tell_example(struct tester *t, const struct rule *rule, const struct trial *r)
{
	const struct rule_example *e = r->example;

	t->wrong += !r->right;
	if (r->right && !t->verbose)
		return;
	print_example(rule, e, r->right ? "right" : "WRONG");
	putchar('\n');
	if (!r->right && r->found)
		printf("    found with confidence %s, not %s: mend the signs, or the example\n",
		       assay_confidence_name(r->confidence), assay_confidence_name(e->confidence));
	else if (!r->right) {
		fputs("    `", stdout);
		report_escape(stdout, e->match, strlen(e->match));
		fputs("' was not found", stdout);
		if (r->any) {
			fputs(", but `", stdout);
			report_escape(stdout, r->other, strlen(r->other));
			fputc('\'', stdout);
		}
		putchar('\n');
	}
	tell_why(t, r);
}

static void tell_counter(struct tester *t, const struct rule *rule, const struct trial *r)
{
	bool quiet = !r->any || r->confidence < ASSAY_MEDIUM;

	t->wrong += !quiet;
	if (quiet && !t->verbose)
		return;
	print_example(rule, r->example, quiet ? "quiet" : "WRONG");
	printf(quiet ? "\n    as it should be: %s\n" : "\n    is reported, although: %s\n",
	       r->example->why);
	tell_why(t, r);
}

static enum assay_status test_one(struct tester *t, unsigned number, const struct rule_example *e,
				  void (*tell)(struct tester *, const struct rule *,
					       const struct trial *),
				  struct assay_error *err)
{
	CLEANUP(trial_done)
	struct trial trial = {
		.example = e,
		.rule = number,
		.text = BUF_INIT(TEXT_MAX),
		.judged = VEC_INIT(JUDGED_MAX),
	};
	enum assay_status st = try_example(t, &trial, err);

	if (st < 0)
		return st;
	t->examples++;
	tell(t, t->set->rules[number].rule, &trial);
	return compare_engines(t, &trial, err);
}

static enum assay_status test_rule(struct tester *t, unsigned number, struct assay_error *err)
{
	const struct rule *rule = t->set->rules[number].rule;
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < rule->examples_len && st == ASSAY_OK; i++)
		st = test_one(t, number, &rule->examples[i], tell_example, err);
	for (size_t i = 0; i < rule->counter_examples_len && st == ASSAY_OK; i++)
		st = test_one(t, number, &rule->counter_examples[i], tell_counter, err);
	return st;
}

int rules_run_examples(assay_ruleset *set, bool verbose)
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
