/* selftest.c - samples through identify and extract, examples through match */
#include "selftest.h"

#include "extract.h"
#include "fail.h"
#include "selftest_samples.h"

#define TEXT_MAX (4 * KiB)
#define DEPTH_MAX 3

/** The text a sample gives. */
struct collected {
	struct identifier *id;
	struct buf text;
	unsigned depth;
};

static enum assay_status extract_all(struct collected *c, struct input *in,
				     struct assay_error *err);

static enum assay_status add_text(void *ctx, const struct segment *seg, const char *text,
				  size_t len, struct source source, struct assay_error *err)
{
	struct collected *c = ctx;

	(void)seg, (void)source, (void)err;
	buf_add(&c->text, text, len);
	return ASSAY_OK;
}

static char *reserve(void *ctx, size_t *ret_cap)
{
	struct collected *c = ctx;

	*ret_cap = c->text.limit - c->text.len - 1;
	return buf_reserve(&c->text, *ret_cap);
}

static enum assay_status commit(void *ctx, const struct segment *seg, size_t len,
				struct source source, struct assay_error *err)
{
	struct collected *c = ctx;

	(void)seg, (void)source, (void)err;
	c->text.len += len;
	return ASSAY_OK;
}

static enum assay_status grid(void *ctx, const struct grid *g, struct assay_error *err)
{
	(void)ctx, (void)g, (void)err;
	return ASSAY_OK;
}

static enum assay_status allow(void *ctx, uint64_t bytes, struct assay_error *err)
{
	(void)ctx, (void)bytes, (void)err;
	return ASSAY_OK;
}

static enum assay_status gap(void *ctx, enum assay_reason reason, const char *detail,
			     struct assay_error *err)
{
	(void)ctx;
	return assay_fail(err, ASSAY_FAILED, reason, "%s", detail);
}

static enum assay_status member(void *ctx, const struct member *m, struct input *in,
				struct assay_error *err)
{
	struct collected *c = ctx;
	enum assay_status st = ASSAY_OK;

	(void)m;
	if (in && c->depth < DEPTH_MAX) {
		c->depth++;
		st = extract_all(c, in, err);
		c->depth--;
	}
	return st;
}

static enum assay_status extract_all(struct collected *c, struct input *in, struct assay_error *err)
{
	static const struct assay_limits limits = ASSAY_LIMITS_DEFAULT;
	static const struct sink_ops ops = {
		.text = add_text,
		.reserve = reserve,
		.commit = commit,
		.grid = grid,
		.member = member,
		.allow = allow,
		.gap = gap,
	};
	struct extract_sink sink = { .ops = &ops, .ctx = c, .limits = &limits };
	const struct extractor *x;
	const uint8_t *head;
	struct identity id;
	size_t len;
	enum assay_status st = input_head(in, &head, &len, err);

	if (st < 0)
		return st;
	identify(c->id, head, len, true, NULL, 0, &id);
	x = extractor_for(id.mime);
	if (!x || (x->wants_seek && !input_seekable(in)))
		return assay_fail(err, ASSAY_FAILED, ASSAY_ENGINE_UNAVAILABLE, "read as %s",
				  id.mime);
	return x->run(in, &sink, err);
}

enum assay_status selftest_formats(struct identifier *id, struct assay_error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(selftest_samples); i++) {
		struct collected c = { .id = id, .text = BUF_INIT(TEXT_MAX) };
		struct assay_error why = { 0 };
		struct input in;
		enum assay_status st;
		bool found;

		input_from_mem(&in, selftest_samples[i].data, selftest_samples[i].len);
		st = extract_all(&c, &in, &why);
		input_done(&in);
		found = c.text.len > 0 &&
			memmem(c.text.data, c.text.len, SELFTEST_WORDS, strlen(SELFTEST_WORDS));
		buf_done(&c.text);
		if (st < 0 || !found)
			return assay_fail(err, ASSAY_FAILED, ASSAY_ENGINE_UNAVAILABLE,
					  "self-test: the %s sample was not read%s%s",
					  selftest_samples[i].name, st < 0 ? ": " : "",
					  st < 0 ? why.detail : "");
	}
	return ASSAY_OK;
}

static bool finds_example(struct matcher *m, unsigned rule, const struct rule_example *e)
{
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

		if (rule->examples_len > 0 && !finds_example(m, i, &rule->examples[0]))
			return assay_fail(err, ASSAY_FAILED, ASSAY_ENGINE_UNAVAILABLE,
					  "self-test: rule %s does not find its first example",
					  rule->id);
	}
	return ASSAY_OK;
}
