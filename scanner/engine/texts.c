/* texts.c - the recursion over members, for readers of text */
#include "texts.h"

#include "budget.h"
#include "fail.h"
#include "utf8.h"

#define CHUNK (64 * KiB)
#define INNER_MAX (8 * KiB)

struct texts {
	struct identifier *id;
	const struct texts_sink *sink;
	struct budget budget;
	struct buf inner; /**< names down to the item at hand */
	char *chunk;      /**< what extractors read plain text into */
	unsigned depth;
};

static enum assay_status run(struct texts *t, struct input *in, const char *name, size_t name_len,
			     struct assay_error *err);

static const char *inner_of(const struct texts *t)
{
	return t->inner.data ? t->inner.data : "";
}

static enum assay_status on_text(void *ctx, const struct segment *seg, const char *text, size_t len,
				 struct source source, struct assay_error *err)
{
	struct texts *t = ctx;

	return t->sink->text(t->sink->ctx, inner_of(t), seg, text, len, source, err);
}

static char *on_reserve(void *ctx, size_t *ret_cap)
{
	struct texts *t = ctx;

	*ret_cap = CHUNK;
	return t->chunk;
}

static enum assay_status on_commit(void *ctx, const struct segment *seg, size_t len,
				   struct source source, struct assay_error *err)
{
	struct texts *t = ctx;

	return len ? on_text(ctx, seg, t->chunk, len, source, err) : ASSAY_OK;
}

static enum assay_status on_grid(void *ctx, const struct grid *grid, struct assay_error *err)
{
	(void)ctx, (void)grid, (void)err;
	return ASSAY_OK;
}

static enum assay_status on_allow(void *ctx, uint64_t bytes, struct assay_error *err)
{
	struct texts *t = ctx;

	return budget_take_out(&t->budget, bytes, err);
}

static enum assay_status on_gap(void *ctx, enum assay_reason reason, const char *detail,
				struct assay_error *err)
{
	struct texts *t = ctx;

	return t->sink->gap(t->sink->ctx, inner_of(t), reason, detail, err);
}

static enum assay_status on_member(void *ctx, const struct member *m, struct input *in,
				   struct assay_error *err)
{
	struct texts *t = ctx;
	size_t before = t->inner.len;
	struct assay_error why = { 0 };
	enum assay_status st = budget_take_member(&t->budget, err);

	if (st < 0)
		return st;
	buf_add(&t->inner, "!", before > 0);
	buf_add(&t->inner, m->name, m->name_len);
	if (m->lost || !in) {
		st = on_gap(t, m->lost, m->lost_detail ? m->lost_detail : "", err);
	} else if (t->depth >= t->budget.limits->depth) {
		st = on_gap(t, ASSAY_LIMIT_DEPTH, "nested too deep", err);
	} else {
		t->depth++;
		if (run(t, in, m->name, m->name_len, &why) < 0)
			st = on_gap(t, why.reason, why.detail, err);
		t->depth--;
	}
	t->inner.len = before;
	if (t->inner.data)
		t->inner.data[before] = '\0';
	return st;
}

static const struct sink_ops ops = {
	.text = on_text,
	.reserve = on_reserve,
	.commit = on_commit,
	.grid = on_grid,
	.member = on_member,
	.allow = on_allow,
	.gap = on_gap,
};

static enum assay_status run(struct texts *t, struct input *in, const char *name, size_t name_len,
			     struct assay_error *err)
{
	struct extract_sink sink = { .ops = &ops, .ctx = t, .limits = t->budget.limits };
	CLEANUP(buf_done) struct buf heap = BUF_INIT((size_t)t->budget.limits->member_bytes);
	const struct extractor *x;
	struct input spooled;
	const uint8_t *head;
	struct identity id;
	size_t len;
	enum assay_status st = input_head(in, &head, &len, err);

	if (st < 0 || len == 0)
		return st;
	identify(t->id, head, len, len < INPUT_HEAD_BYTES, name, name_len, &id);
	x = extractor_for(id.mime);
	if (!x || x->metadata_only)
		st = on_gap(t, ASSAY_UNSUPPORTED_TYPE, id.mime, err);
	if (!x)
		x = extractor_for("application/octet-stream");
	if (st < 0 || !x)
		return st;
	if (!x->wants_seek || input_seekable(in))
		return x->run(in, &sink, err);
	st = input_slurp(in, &heap, err);
	if (st < 0)
		return st;
	input_from_mem(&spooled, heap.data ? heap.data : "", heap.len);
	st = x->run(&spooled, &sink, err);
	input_done(&spooled);
	return st;
}

enum assay_status texts_run(struct identifier *id, struct input *in, const char *name,
			    const struct assay_limits *limits, const struct texts_sink *sink,
			    struct assay_error *err)
{
	struct texts t = { .id = id, .sink = sink, .inner = BUF_INIT(INNER_MAX) };
	enum assay_status st;

	t.chunk = malloc(CHUNK + 64);
	if (!t.chunk)
		return assay_fail_memory(err, "text");
	budget_start(&t.budget, limits, in->size == INPUT_SIZE_UNKNOWN ? 0 : in->size);
	st = run(&t, in, name, name ? strlen(name) : 0, err);
	free(t.chunk);
	buf_done(&t.inner);
	return st;
}
