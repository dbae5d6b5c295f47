/**
 * record_sink.h - a sink that remembers what an extractor sent, for unit tests
 *
 *   struct record r;
 *   record_init(&r, data, len);        the object's bytes, to check offsets with
 *   st = plain_extractor.run(&in, &r.sink, &err);
 *   record_field(&r, "value") ...
 *   record_done(&r);
 *
 * All text is joined in `text`; each run is kept with its segment.  For every run that
 * claims to lie in the object, the bytes there are compared: `bad_offsets` counts lies.
 */
#ifndef RECORD_SINK_H
#define RECORD_SINK_H

#include "extract.h"
#include "fail.h"
#include "vec.h"

struct record_run {
	size_t at; /* in `text` */
	size_t len;
	struct source source;
	enum assay_region region;
	enum assay_vis vis;
	struct assay_locator loc; /* numbers only: the strings are in `field` and kin */
	uint64_t record;          /* 0: none */
	char *field;              /* NULL: none */
	char *sheet, *cell, *part, *header;
};

struct record_member {
	char *name;
	uint32_t ordinal;
	uint64_t size;
	enum assay_vis vis;
	enum assay_reason lost;
	char *data; /* what `in` gave, NUL-terminated; NULL if lost */
	size_t len;
	enum assay_status read; /* how reading it ended */
};

struct record_gap {
	enum assay_reason reason;
	char detail[256];
};

struct record {
	struct extract_sink sink;
	struct assay_limits limits;
	const uint8_t *object; /* may be NULL: offsets are not checked */
	size_t object_len;
	struct buf text;
	struct vec(struct record_run) runs;
	struct vec(struct record_member) members;
	struct vec(struct record_gap) gaps;
	char room[256 * 1024];
	size_t room_cap; /* what reserve gives; at least 64 KiB in the engine, less in tests */
	bool has_grid;
	char delimiter;
	uint64_t first_row;
	char *grid_fields; /* joined with '|' */
	size_t grid_len;
	unsigned bad_offsets;
	uint64_t allowed;      /* asked for by sink_allow() */
	uint64_t allow_max;    /* refuse beyond; 0: never */
	unsigned refuse_after; /* refuse text after this many runs; 0: never */
};

static inline char *record_copy(const char *s)
{
	return s ? strdup(s) : NULL;
}

static inline bool record_in_place(const struct record *r, const char *text, size_t len,
				   struct source src)
{
	if (src.kind == SOURCE_DERIVED || !r->object)
		return true;
	if (src.kind == SOURCE_SAME)
		return src.off <= r->object_len && len <= r->object_len - src.off &&
		       !memcmp(r->object + src.off, text, len);
	if (src.off > r->object_len || len * 2 > r->object_len - src.off)
		return false;
	for (size_t i = 0; i < len; i++) {
		const uint8_t *p = r->object + src.off + 2 * i;

		if ((p[0] | p[1]) != (uint8_t)text[i] || (p[0] && p[1]))
			return false;
	}
	return true;
}

static inline enum assay_status record_text(void *ctx, const struct segment *seg, const char *text,
					    size_t len, struct source source,
					    struct assay_error *err)
{
	struct record *r = ctx;
	struct record_run *run;

	if (r->refuse_after && r->runs.len >= r->refuse_after)
		return assay_fail(err, ASSAY_PARTIAL, ASSAY_LIMIT_SIZE, "test");
	if (!record_in_place(r, text, len, source))
		r->bad_offsets++;
	run = vec_push(&r->runs);
	if (!run)
		return assay_fail_memory(err, "record");
	*run = (struct record_run){ .at = r->text.len,
				    .len = len,
				    .source = source,
				    .region = seg->region,
				    .vis = seg->vis,
				    .loc = seg->loc,
				    .record = seg->record,
				    .field = record_copy(seg->field),
				    .sheet = record_copy(seg->loc.sheet),
				    .cell = record_copy(seg->loc.cell),
				    .part = record_copy(seg->loc.part),
				    .header = record_copy(seg->loc.header) };
	return buf_add(&r->text, text, len) ? ASSAY_OK : assay_fail_memory(err, "record");
}

static inline char *record_reserve(void *ctx, size_t *ret_cap)
{
	struct record *r = ctx;

	if (r->refuse_after && r->runs.len >= r->refuse_after)
		return NULL;
	*ret_cap = r->room_cap;
	return r->room;
}

static inline enum assay_status record_commit(void *ctx, const struct segment *seg, size_t len,
					      struct source source, struct assay_error *err)
{
	struct record *r = ctx;

	if (!len && !(r->refuse_after && r->runs.len >= r->refuse_after))
		return ASSAY_OK;
	return record_text(ctx, seg, r->room, len, source, err);
}

static inline enum assay_status record_grid(void *ctx, const struct grid *grid,
					    struct assay_error *err)
{
	struct record *r = ctx;
	struct buf joined = BUF_INIT(1 * MiB);

	(void)err;
	for (size_t i = 0; i < grid->fields_len; i++) {
		if (i)
			buf_add_byte(&joined, '|');
		buf_add_str(&joined, grid->fields[i]);
	}
	free(r->grid_fields);
	r->grid_fields = joined.data;
	r->grid_len = grid->fields_len;
	r->has_grid = true;
	r->delimiter = grid->delimiter;
	r->first_row = grid->first_row;
	return ASSAY_OK;
}

static inline enum assay_status record_member(void *ctx, const struct member *m, struct input *in,
					      struct assay_error *err)
{
	struct record *r = ctx;
	struct buf data = BUF_INIT(64 * MiB);
	struct record_member *got = vec_push(&r->members);

	if (!got)
		return assay_fail_memory(err, "record");
	*got = (struct record_member){ .name = strndup(m->name, m->name_len),
				       .ordinal = m->ordinal,
				       .size = m->size,
				       .vis = m->vis,
				       .lost = m->lost };
	if (in) {
		struct assay_error lost;

		got->read = input_slurp(in, &data, &lost);
		if (!data.data)
			buf_add(&data, "", 0);
		got->data = data.data;
		got->len = data.len;
	}
	return ASSAY_OK;
}

static inline enum assay_status record_allow(void *ctx, uint64_t bytes, struct assay_error *err)
{
	struct record *r = ctx;

	r->allowed += bytes;
	if (r->allow_max && r->allowed > r->allow_max)
		return assay_fail(err, ASSAY_FAILED, ASSAY_LIMIT_SIZE, "out-bytes");
	return ASSAY_OK;
}

static inline enum assay_status record_gap(void *ctx, enum assay_reason reason, const char *detail,
					   struct assay_error *err)
{
	struct record *r = ctx;
	struct record_gap *gap = vec_push(&r->gaps);

	if (!gap)
		return assay_fail_memory(err, "record");
	*gap = (struct record_gap){ .reason = reason };
	strncpy(gap->detail, detail ? detail : "", sizeof(gap->detail) - 1);
	return ASSAY_OK;
}

static const struct sink_ops record_ops = {
	.text = record_text,
	.reserve = record_reserve,
	.commit = record_commit,
	.grid = record_grid,
	.member = record_member,
	.allow = record_allow,
	.gap = record_gap,
};

/** Call from where `r` stays: the sink points at it. */
static inline void record_init(struct record *r, const void *object, size_t len)
{
	*r = (struct record){ .limits = ASSAY_LIMITS_DEFAULT,
			      .object = object,
			      .object_len = len,
			      .text = BUF_INIT(256 * MiB),
			      .runs = VEC_INIT(10000000),
			      .members = VEC_INIT(1000000),
			      .gaps = VEC_INIT(1000000),
			      .room_cap = sizeof(r->room) };
	r->sink = (struct extract_sink){ &record_ops, r, &r->limits };
	buf_add(&r->text, "", 0);
}

static inline void record_done(struct record *r)
{
	for (size_t i = 0; i < r->runs.len; i++) {
		free(r->runs.items[i].field);
		free(r->runs.items[i].sheet);
		free(r->runs.items[i].cell);
		free(r->runs.items[i].part);
		free(r->runs.items[i].header);
	}
	for (size_t i = 0; i < r->members.len; i++) {
		free(r->members.items[i].name);
		free(r->members.items[i].data);
	}
	vec_done(&r->runs);
	vec_done(&r->members);
	vec_done(&r->gaps);
	buf_done(&r->text);
	free(r->grid_fields);
}

/** All text sent so far. */
static inline const char *record_all(const struct record *r)
{
	return r->text.data;
}

static inline bool record_has(const struct record *r, const char *text)
{
	return memmem(r->text.data, r->text.len, text, strlen(text));
}

/** The run in which `text` begins, or NULL. */
static inline const struct record_run *record_find(const struct record *r, const char *text)
{
	const char *at = memmem(r->text.data, r->text.len, text, strlen(text));

	for (size_t i = 0; at && i < r->runs.len; i++) {
		const struct record_run *run = &r->runs.items[i];
		size_t pos = (size_t)(at - r->text.data);

		if (pos >= run->at && pos < run->at + run->len)
			return run;
	}
	return NULL;
}

/** Its field, "" if it has none, or NULL if the text was not sent. */
static inline const char *record_field(const struct record *r, const char *text)
{
	const struct record_run *run = record_find(r, text);

	return !run ? NULL : run->field ? run->field : "";
}

static inline bool record_has_gap(const struct record *r, enum assay_reason reason)
{
	for (size_t i = 0; i < r->gaps.len; i++)
		if (r->gaps.items[i].reason == reason)
			return true;
	return false;
}

#endif
