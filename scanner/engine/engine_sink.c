/*
 * engine_sink.c - the sink that extractors see: text to the stream, members a level deeper
 *
 * Members recurse here and nowhere else.
 */
#include "engine_parts.h"

#include "fail.h"

static enum assay_status on_text(void *ctx, const struct segment *seg, const char *text, size_t len,
				 struct source source, struct assay_error *err)
{
	struct level *l = ctx;
	struct segment hidden;
	enum assay_status st;

	if (l->front_only && seg->region != ASSAY_METADATA)
		return ASSAY_OK;
	st = budget_take_text(&l->s->budget, len, err);
	if (st < 0)
		return st;
	l->read_bytes += len;
	if (l->vis != ASSAY_SHOWN && seg->vis == ASSAY_SHOWN) {
		hidden = *seg;
		hidden.vis = l->vis;
		seg = &hidden;
	}
	/* What an earlier revision was labelled is text, and no label. */
	if (seg->region == ASSAY_METADATA && seg->vis != ASSAY_PREVIOUS_REVISION)
		object_metadata(l->o, seg, text, len);
	return stream_text(l->o->stream, seg, text, len, source, err);
}

static char *on_reserve(void *ctx, size_t *ret_cap)
{
	struct level *l = ctx;
	struct assay_error ignored;

	return stream_reserve(l->o->stream, ret_cap, &ignored);
}

static enum assay_status on_commit(void *ctx, const struct segment *seg, size_t len,
				   struct source source, struct assay_error *err)
{
	struct level *l = ctx;

	l->read_bytes += len;
	if (len == 0 && l->s->stopped)
		return assay_fail(err, ASSAY_FATAL, ASSAY_INTERNAL, "stopped");
	return stream_commit(l->o->stream, seg, len, source, err);
}

static enum assay_status on_grid(void *ctx, const struct grid *grid, struct assay_error *err)
{
	struct level *l = ctx;

	return stream_grid(l->o->stream, grid, true, err);
}

static enum assay_status on_allow(void *ctx, uint64_t bytes, struct assay_error *err)
{
	struct budget *b = &((struct level *)ctx)->s->budget;
	enum assay_status st = budget_check_member(b, bytes, err);

	return st == ASSAY_OK ? budget_take_out(b, bytes, err) : st;
}

static enum assay_status on_gap(void *ctx, enum assay_reason reason, const char *detail,
				struct assay_error *err)
{
	struct level *l = ctx;

	(void)err;
	object_gap(l->o, reason, assay_reason_blocks(reason), detail);
	return ASSAY_OK;
}

/** A member's stream, counted as it is read. */
struct counted {
	struct level *parent;
	struct input *in;
	uint64_t bytes;
};

static enum assay_status read_counted(void *ctx, void *data, size_t cap, size_t *ret_got,
				      struct assay_error *err)
{
	struct counted *c = ctx;
	struct budget *b = &c->parent->s->budget;
	enum assay_status st = input_read(c->in, data, cap, ret_got, err), counted;

	counted = budget_take_out(b, *ret_got, st < 0 ? NULL : err);
	c->bytes += *ret_got;
	if (counted == ASSAY_OK && st == ASSAY_OK)
		return budget_check_member(b, c->bytes, err);
	return st < 0 ? st : counted;
}

/** Length of a name without its last suffix. */
static size_t stem_length(const char *name, size_t len)
{
	for (size_t i = len; i > 1; i--)
		if (name[i - 1] == '.')
			return i - 1;
	return len;
}

/** Where the last part of a name begins. */
static size_t last_part(const char *name, size_t len)
{
	while (len > 0 && name[len - 1] != '/')
		len--;
	return len;
}

/** Scan a member; what is lost of it is lost of its container. */
static enum assay_status scan_member(struct level *l, struct level *child, struct assay_error *err)
{
	enum assay_status st = engine_scan_level(child, err);

	l->lost_members |= child->coverage != ASSAY_COMPLETE;
	return st;
}

static enum assay_status on_member(void *ctx, const struct member *m, struct input *in,
				   struct assay_error *err)
{
	struct level *l = ctx;
	assay_scanner *s = l->s;
	struct counted counted = { .parent = l, .in = in };
	struct input stream;
	struct level child = {
		.s = s,
		.depth = l->depth + 1,
		.name = m->name,
		.name_len = m->name_len,
		.in = in,
		.lost = m->lost,
		.lost_detail = m->lost_detail,
		.mime = m->mime,
		.vis = m->vis != ASSAY_SHOWN ? m->vis : l->vis,
	};
	enum assay_status st;

	if (l->front_only)
		return ASSAY_OK;
	st = budget_take_member(&s->budget, err);
	l->gave_members = true;
	if (st < 0)
		return st;
	if (m->name_len == 0) {
		/* A compressed stream that does not tell: d/letter.txt.gz holds letter.txt. */
		size_t at = last_part(l->name, l->name_len);

		child.name = l->name + at;
		child.name_len = stem_length(child.name, l->name_len - at);
	}
	if (child.depth > MIN(s->budget.limits->depth, ASSAY_DEPTH_MAX)) {
		object_gap(l->o, ASSAY_LIMIT_DEPTH, true, "members nested deeper were not opened");
		return ASSAY_OK;
	}
	s->inner[l->depth] = (struct assay_inner){
		.name = child.name,
		.len = MIN(child.name_len, s->budget.limits->name_bytes), /* all of it is scanned */
		.ordinal = m->ordinal,
	};
	if (m->lost || !in) {
		child.in = NULL;
	} else if (!input_seekable(in)) {
		input_from_stream(&stream, read_counted, &counted, m->size);
		child.in = &stream;
	}
	st = scan_member(l, &child, err);
	if (child.in == &stream)
		input_done(&stream);
	l->member_lost = l->member_lost || child.member_lost;
	return st;
}

const struct sink_ops engine_sink_ops = {
	.text = on_text,
	.reserve = on_reserve,
	.commit = on_commit,
	.grid = on_grid,
	.member = on_member,
	.allow = on_allow,
	.gap = on_gap,
};
