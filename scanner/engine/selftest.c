/* selftest.c - samples through identify and extract, examples through match */
#include "selftest.h"

#include "extract.h"
#include "fail.h"
#include "library.h"
#include "selftest_samples.h"
#include "texts.h"

#define TEXT_MAX (4 * KiB)

static enum assay_status add_text(void *ctx, const char *inner, const struct segment *seg,
				  const char *text, size_t len, struct source source,
				  struct assay_error *err)
{
	(void)inner, (void)seg, (void)source, (void)err;
	buf_add(ctx, text, len);
	return ASSAY_OK;
}

static enum assay_status refuse_gap(void *ctx, const char *inner, enum assay_reason reason,
				    const char *detail, struct assay_error *err)
{
	const struct extractor *x = extractor_for(detail);

	(void)ctx, (void)inner;
	/* Of pages and pixels: the words are in the metadata. */
	if (reason == ASSAY_UNSUPPORTED_TYPE && x && x->metadata_only)
		return ASSAY_OK;
	return assay_fail(err, ASSAY_FAILED, reason, "%s", detail);
}

enum assay_status selftest_formats(struct identifier *id, struct assay_error *err)
{
	static const struct assay_limits limits = ASSAY_LIMITS_DEFAULT;

	for (size_t i = 0; i < ARRAY_SIZE(selftest_samples); i++) {
		CLEANUP(buf_done) struct buf text = BUF_INIT(TEXT_MAX);
		const struct texts_sink sink = { &text, add_text, refuse_gap };
		struct assay_error why = { 0 };
		unsigned refusals = library_refusals();
		struct input in;
		enum assay_status st;

		input_from_mem(&in, selftest_samples[i].data, selftest_samples[i].len);
		st = texts_run(id, &in, NULL, &limits, &sink, &why);
		input_done(&in);
		/* Each file of that kind will ask for the library, and be told. */
		if (library_refusals() != refusals)
			continue;
		if (st < 0 || text.len == 0 ||
		    !memmem(text.data, text.len, SELFTEST_WORDS, strlen(SELFTEST_WORDS)))
			return assay_fail(err, ASSAY_FAILED, ASSAY_ENGINE_UNAVAILABLE,
					  "self-test: the %s sample was not read%s%s",
					  selftest_samples[i].name, st < 0 ? ": " : "",
					  st < 0 ? why.detail : "");
	}
	return ASSAY_OK;
}

static bool finds_example(struct matcher *m, unsigned rule, const struct rule *r)
{
	const struct rule_example *e = &r->examples[0];
	size_t len = strlen(e->text);
	char *text = calloc(1, len + WINDOW_PAD);
	struct window win = { .data = text, .len = len, .own_end = len };
	struct hits hits = HITS_INIT;
	struct hit cell;
	bool found = false;

	if (!text)
		return false;
	memcpy(text, e->text, len);
	match_window(m, &win, &hits);
	if (r->shape == SHAPE_BESIDE)
		match_beside(m, &win, NULL, &hits);
	for (size_t i = 0; i < hits.list.len; i++)
		found |= hits.list.items[i].rule == rule;
	if (!found && e->field)
		found = match_cell(m, rule, text, len, &cell);
	vec_done(&hits.list);
	free(text);
	return found;
}

enum assay_status selftest_rules(const assay_ruleset *set, struct matcher *m,
				 struct assay_error *err)
{
	for (unsigned i = 0; i < set->list->len; i++) {
		const struct rule *rule = set->rules[i].rule;

		if (rule->examples_len > 0 && !finds_example(m, i, rule))
			return assay_fail(err, ASSAY_FAILED, ASSAY_ENGINE_UNAVAILABLE,
					  "self-test: rule %s does not find its first example",
					  rule->id);
	}
	return ASSAY_OK;
}
